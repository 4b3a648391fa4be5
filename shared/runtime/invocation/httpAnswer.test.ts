import { expect, test } from 'vitest';
import { refuse } from '../../contract/refusals.ts';
import { httpAnswerOf } from './httpAnswer.ts';

const taken = { status: 200, code: 'SUCCESS', message: 'OK' };
const json = 'application/json; charset=utf-8';
const xml = 'text/xml; charset=utf-8';
const xmlOf = (code: string, reported: string) =>
  `<xml><return_code><![CDATA[${code}]]></return_code><return_msg><![CDATA[${reported}]]></return_msg></xml>`;

test.each<[string, object, boolean, number, string, string]>([
  ['taken, in JSON', taken, false, 200, json, '{"code":"SUCCESS","message":"OK"}'],
  ['taken, in XML', taken, true, 200, xml, xmlOf('SUCCESS', 'OK')],
  [
    'refused, in XML',
    refuse('PARAM_ERROR', { field: 'body' }),
    true,
    400,
    xml,
    xmlOf('FAIL', 'PARAM_ERROR:body'),
  ],
  ['too late, in XML', refuse('DEADLINE'), true, 500, xml, xmlOf('FAIL', 'DEADLINE')],
  [
    'nothing in a text ends it',
    { status: 400, code: 'FAIL', message: 'a]]]]>>b' },
    true,
    400,
    xml,
    xmlOf('FAIL', 'a]]]]b'),
  ],
])('%s', (_what, result, inXml, statusCode, type, body) => {
  expect(httpAnswerOf(result, { inXml })).toEqual({
    statusCode,
    headers: { 'content-type': type },
    body,
    isBase64Encoded: false,
  });
});
