// The sample SOAP service: one operation, getQuote, and the WSDL that describes it.
// Its envelopes come in one line, as machines send them; what is known about symbols is a table.
// Knows nothing of sockets: `answerSoap` and `wsdl` are pure but for the time that `answerSoap` is given.

const ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/";
const QUOTES = "http://quotes.example.org/";

interface Quote {
  readonly price: string;
  readonly bid: string;
  readonly ask: string;
  readonly volume: string;
  readonly name: string;
}

const KNOWN: Readonly<Record<string, Quote>> = {
  GOOG: {
    price: "141.80",
    bid: "141.78",
    ask: "141.83",
    volume: "9223372036854775807",
    name: "Alphabet Inc., Kl. C – Börse Zürich",
  },
  NESN: { price: "92.14", bid: "92.10", ask: "92.16", volume: "5120331", name: "Nestlé S.A." },
  SAP: { price: "178.32", bid: "178.30", ask: "178.36", volume: "1803442", name: "SAP SE" },
};

/** The fields of a SOAP call's answer. */
export interface SoapAnswer {
  /** 500 for a fault (SOAP 1.1, 6.2). */
  readonly status: 200 | 500;
  readonly envelope: string;
}

/** Answers a SOAP 1.1 call of getQuote; an unknown symbol, or an envelope without one, is a fault. */
export function answerSoap(envelope: string, now: Date): SoapAnswer {
  const symbol = /<(?:[\w.-]+:)?symbol(?:\s[^>]*)?>\s*([^<]*?)\s*</.exec(envelope)?.[1];
  if (symbol === undefined) {
    return fault("Client", "no symbol in the request", "Write one in &lt;q:symbol&gt;.");
  }
  const quote = KNOWN[symbol];
  if (quote === undefined) {
    return fault("Server", `unknown symbol ${symbol}`, `Known are ${Object.keys(KNOWN).join(", ")}.`);
  }
  return {
    status: 200,
    envelope: inEnvelope(
      `<q:getQuoteResponse xmlns:q="${QUOTES}"><q:quote symbol="${symbol}" exchange="XNAS">` +
        `<q:price currency="EUR">${quote.price}</q:price><q:bid>${quote.bid}</q:bid><q:ask>${quote.ask}</q:ask>` +
        `<q:volume>${quote.volume}</q:volume><q:name>${quote.name}</q:name>` +
        `<q:asOf>${now.toISOString()}</q:asOf><q:source delayed="false"/></q:quote></q:getQuoteResponse>`,
    ),
  };
}

/** An envelope that calls getQuote, with a header, a comment and a CDATA section, as order desks send them. */
export function soapCall(symbol: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n` +
    `<soapenv:Envelope xmlns:soapenv="${ENVELOPE}" xmlns:desk="http://desk.example.org/2019/session">` +
    `<soapenv:Header><desk:Session soapenv:mustUnderstand="1"><desk:id>7f3c1e90-5a44</desk:id>` +
    `<desk:user>ada</desk:user><desk:place><desk:desk>4</desk:desk><desk:floor>2</desk:floor></desk:place>` +
    `</desk:Session></soapenv:Header><soapenv:Body><!-- quote for the order desk -->` +
    `<q:getQuote xmlns:q="${QUOTES}"><q:symbol>${symbol}</q:symbol><q:currency>EUR</q:currency>` +
    `<q:note><![CDATA[desk 4 <urgent>]]></q:note></q:getQuote></soapenv:Body></soapenv:Envelope>`;
}

/** The service's description; `address` is the URL at which it was asked for. */
export function wsdl(address: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n` +
    `<wsdl:definitions name="StockQuote" targetNamespace="${QUOTES}" xmlns:q="${QUOTES}"` +
    ` xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/"` +
    ` xmlns:xsd="http://www.w3.org/2001/XMLSchema">` +
    `<wsdl:types><xsd:schema targetNamespace="${QUOTES}" elementFormDefault="qualified">` +
    `<xsd:element name="getQuote"><xsd:complexType><xsd:sequence>` +
    `<xsd:element name="symbol" type="xsd:string"/><xsd:element name="currency" type="xsd:string" minOccurs="0"/>` +
    `<xsd:element name="note" type="xsd:string" minOccurs="0"/></xsd:sequence></xsd:complexType></xsd:element>` +
    `<xsd:element name="getQuoteResponse"><xsd:complexType><xsd:sequence>` +
    `<xsd:element name="quote" type="xsd:anyType"/></xsd:sequence></xsd:complexType></xsd:element>` +
    `</xsd:schema></wsdl:types>` +
    `<wsdl:message name="getQuoteRequest"><wsdl:part name="parameters" element="q:getQuote"/></wsdl:message>` +
    `<wsdl:message name="getQuoteResponse"><wsdl:part name="parameters" element="q:getQuoteResponse"/></wsdl:message>` +
    `<wsdl:portType name="StockQuote"><wsdl:operation name="getQuote"><wsdl:input message="q:getQuoteRequest"/>` +
    `<wsdl:output message="q:getQuoteResponse"/></wsdl:operation></wsdl:portType>` +
    `<wsdl:binding name="StockQuoteSoap" type="q:StockQuote">` +
    `<soap:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>` +
    `<wsdl:operation name="getQuote"><soap:operation soapAction="${QUOTES}getQuote"/>` +
    `<wsdl:input><soap:body use="literal"/></wsdl:input><wsdl:output><soap:body use="literal"/></wsdl:output>` +
    `</wsdl:operation></wsdl:binding>` +
    `<wsdl:service name="StockQuote"><wsdl:port name="StockQuoteSoap" binding="q:StockQuoteSoap">` +
    `<soap:address location="${escapeXml(address)}"/></wsdl:port></wsdl:service></wsdl:definitions>`;
}

function fault(code: "Client" | "Server", reason: string, detail: string): SoapAnswer {
  return {
    status: 500,
    envelope: inEnvelope(
      `<soapenv:Fault><faultcode>soapenv:${code}</faultcode><faultstring>${escapeXml(reason)}</faultstring>` +
        `<detail><q:advice xmlns:q="${QUOTES}">${detail}</q:advice></detail></soapenv:Fault>`,
    ),
  };
}

function inEnvelope(body: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n` +
    `<soapenv:Envelope xmlns:soapenv="${ENVELOPE}"><soapenv:Body>${body}</soapenv:Body></soapenv:Envelope>`;
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
