import assert from "node:assert/strict";
import { readJsonCall, readJsonError } from "../../src/decode/json_call.ts";

const CALLS: readonly [body: string, name: string | null][] = [
  ['{"jsonrpc":"2.0","method":"eth_call","params":[]}', "eth_call"],
  ['{"method" : "sum","params":{"method":"no"},"jsonrpc" : "2.0"}', "sum"],
  ['[{"jsonrpc":"2.0","method":"first"},{"jsonrpc":"2.0","method":"second"}]', "first"],
  ['{"jsonrpc":"2.0","method":"a\\"b\\u00e9"}', 'a"bé'],
  ['{"jsonrpc":"2.0","result":1}', null],
  ['{"operationName":"GetUser","query":"query GetUser { user { id } }"}', "GetUser"],
  ['{"operationName":null,"query":"# all\\nmutation AddUser($n: String) { add"}', "AddUser"],
  ['{"query":"{ viewer { id } }"}', "query"],
  ['{"query":"subscription { x }"}', "subscription"],
  ['{"query":"query Long { user { name \\u00', "Long"],
  ['{"query":"shoes"}', null],
  ['{"query":12}', null],
  ['{"method":"card"}', null],
  ["query { x }", null],
  ["", null],
];

for (const [body, name] of CALLS) {
  Deno.test(`readJsonCall names what ${body.slice(0, 50)} calls`, () =>
    assert.equal(readJsonCall(body), name));
}

Deno.test("readJsonError tells the error of an answer in words", () => {
  const cases: readonly [body: string, words: string | null][] = [
    [
      '{"jsonrpc":"2.0","error":{"code":-32601,"message":"Method not found"},"id":1}',
      "error -32601: Method not found",
    ],
    ['{"errors":[{"message":"no such user","path":["user"]}],"data":null}', "error: no such user"],
    ['{"jsonrpc":"2.0","result":{"error":1}}', null],
    ['{"error":"plain"}', null],
    ['{"error":null,"errors":[]}', null],
    ['{"errors":[null]}', null],
    ['{"error":{"message":"cut', null],
    ["null", null],
    ["12", null],
  ];
  for (const [body, words] of cases) assert.equal(readJsonError(body), words, body);
});
