import assert from "node:assert/strict";
import { readSoap, type SoapMessage } from "../../src/decode/soap.ts";

const operation = (name: string | null): SoapMessage => ({ operation: name, fault: null });
const fault = (code: string, reason: string): SoapMessage => ({ operation: null, fault: { code, reason } });

const CASES: readonly [text: string, expected: SoapMessage | null][] = [
  ["<e:Envelope><e:Header><s/></e:Header><e:Body><q:getQuote><q:symbol>", operation("getQuote")],
  [
    "<?xml version='1.0'?>\n<!-- <x> --><Envelope><Body>\n<!-- c --><ns:op a='>'/></Body></Envelope>",
    operation("op"),
  ],
  ["<!DOCTYPE x><Envelope><Body><op>", operation("op")],
  ["<Envelope><Header><Body><no/></Body></Header><Body><yes/>", operation("yes")],
  ["<Envelope><Header>cut off", operation(null)],
  ["<Envelope><Body/></Envelope>", operation(null)],
  ["<Envelope><Bo", operation(null)],
  [
    "<e:Envelope><e:Body><e:Fault><faultcode>e:Server</faultcode><faultstring>unknown &lt;symbol&gt; &#71;&#x4F;GG</faultstring><detail><faultstring>no</faultstring></detail></e:Fault></e:Body></e:Envelope>",
    fault("Server", "unknown <symbol> GOGG"),
  ],
  [
    "<e:Envelope><e:Body><e:Fault><e:Code><e:Value>e:Sender</e:Value><e:Subcode><e:Value>m:x</e:Value></e:Subcode></e:Code><e:Reason><e:Text xml:lang='en'> too many </e:Text><e:Text xml:lang='de'>zu viele</e:Text></e:Reason></e:Fault></e:Body></e:Envelope>",
    fault("Sender", "too many"),
  ],
  [
    "<Envelope><Body><Fault><faultcode>Client</faultcode><faultstring><![CDATA[a < b]]></faultstring>",
    fault("Client", "a < b"),
  ],
  ["<Envelope><Body><Fault><faultcode>Client</faultco", fault("Client", "")],
  ["<Envelope><Body><Fault/></Body><x/></Envelope>", fault("", "")],
  ["<methodCall><methodName>examples.getName</methodName>", operation("examples.getName")],
  ["<orders><Body/></orders>", null],
  ["<html><Body><x/>", null],
  ["no markup", null],
  ["", null],
  ["<", null],
];

for (const [text, expected] of CASES) {
  Deno.test(`readSoap reads ${text.slice(0, 60)}`, () => assert.deepEqual(readSoap(text), expected));
}
