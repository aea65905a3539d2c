// Bodies of about 50 MB, as real services send them, only larger.

/** SOAP, on one line. */
export function largeXml(): string {
  const item =
    '<q:quote xmlns:q="urn:q" id="1"><q:symbol>ÄCME</q:symbol><q:price currency="EUR">12</q:price></q:quote>';
  return `<?xml version="1.0"?><e:Envelope xmlns:e="urn:e"><e:Body>${
    item.repeat(490_000)
  }</e:Body></e:Envelope>`;
}

/** An array of objects, on one line. */
export function largeJson(): string {
  return `[${'{"symbol":"ÄCME","price":12.34,"tags":["a","b"],"more":null},'.repeat(830_000)}0]`;
}
