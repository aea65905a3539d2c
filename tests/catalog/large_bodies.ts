// Bodies of tens of MB, as real services send them, only larger.

/** SOAP of 50 MB, on one line. */
export function largeXml(): string {
  const item =
    '<q:quote xmlns:q="urn:q" id="1"><q:symbol>ÄCME</q:symbol><q:price currency="EUR">12</q:price></q:quote>';
  return `<?xml version="1.0"?><e:Envelope xmlns:e="urn:e"><e:Body>${
    item.repeat(490_000)
  }</e:Body></e:Envelope>`;
}

/** An array of so many objects, 62 B each, on one line; 50 MB unless given. */
export function largeJson(objects = 830_000): string {
  return `[${'{"symbol":"ÄCME","price":12.34,"tags":["a","b"],"more":null},'.repeat(objects)}0]`;
}
