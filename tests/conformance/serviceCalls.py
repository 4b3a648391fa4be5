"""Writes tests/vectors/service-calls.json with Python's hmac alone: python3 tests/conformance/serviceCalls.py

What a call has to answer is decided by hand, not by the code that is checked with it.
"""

import hashlib
import hmac
import json
import pathlib

KEY = "service-key-0123456789-0123456789-01"
NEXT = "next-key-0123456789-0123456789-0123456"
LONG = "密钥" + "0123456789abcdef" * 8
CALLEE = {"name": "unifiedOrder", "envId": "pay-1a2b3c", "appid": "wx1234567890abcdef"}
TIME = 1796090400123
MINUTES_5 = 300_000
ORDER = '{"outTradeNo":"SERVER20261201001","body":"咖啡","totalFee":1990,"openid":"oPayer0001"}'


def signed_text(call):
    return "\n".join([call["name"], call["envId"], call["appid"], str(call["time"]), call["data"]])


def signature_of(call):
    key = call["key"].encode()
    return hmac.new(key, signed_text(call).encode(), hashlib.sha256).hexdigest()


def call_of(data, **more):
    return {"key": KEY, **CALLEE, "time": TIME, "data": data, **more}


def event_of(call):
    kept = {name: call[name] for name in ("envId", "appid", "time", "data")}
    return {"signed": {**kept, "signature": signature_of(call)}}


SOURCE = [{"by": "Python 3.11, hmac and hashlib", "path": "tests/conformance/serviceCalls.py"}]


def signs(row, data, **more):
    call = call_of(data, **more)
    return {
        "id": f"sign-{row}",
        "kind": "sign",
        "source": SOURCE,
        "input": call,
        "expected": {
            "signed_utf8_hex": signed_text(call).encode().hex(),
            "signature": signature_of(call),
            "request_body": json.dumps(event_of(call), ensure_ascii=False, separators=(",", ":")),
        },
    }


def verifies(name, expected, event=None, after=0, function=None, times=1):
    event = event or event_of(call_of(ORDER))
    function = {**CALLEE, "keys": [KEY, NEXT], **(function or {})}
    given = {"function": function, "event": event, "now": TIME + after, "times": times}
    return {
        "id": f"verify-{name}",
        "kind": "verify",
        "source": SOURCE,
        "input": given,
        "expected": expected,
    }


def changed(**fields):
    event = event_of(call_of(ORDER))
    return {"signed": {**event["signed"], **fields}}


def without(field):
    event = event_of(call_of(ORDER))
    return {"signed": {name: value for name, value in event["signed"].items() if name != field}}


TAKEN = {"caller": "service", "event": json.loads(ORDER)}
SIGNATURE = {"refused": "SERVICE_SIGNATURE", "retry": "never"}
UNSIGNED = {"refused": "CALLER_REFUSED", "retry": "never"}
GOOD = signature_of(call_of(ORDER))
NO_JSON = '{"outTradeNo":'

vectors = [
    signs("order", ORDER),
    signs("nothing", "{}", name="listAttention"),
    signs("query", '{"outTradeNo":"SERVER20261201001"}', name="queryOrder"),
    signs(
        "refund",
        '{"outTradeNo":"SERVER20261201001","outRefundNo":"BACK20261201001","refundFee":990,"refundDesc":"少了一份"}',
        name="refund",
    ),
    signs("bill", '{"billDate":"20261130","tarType":"GZIP"}', name="downloadBill"),
    signs(
        "nested",
        '{"request":{"items":[{"productId":"latte","count":2},{"productId":"cake","count":1}],"coupon":null,"toGo":true},"purchaseId":"cart-7","openid":"oPayer0001"}',
    ),
    signs(
        "escapes",
        r'{"attach":"a \"quoted\" \\ backslash, a \/ slash, \b\f\n\r\t and \u0000","body":"x"}',
    ),
    signs("slash-and-markup", '{"attach":"https://shop.example/?a=1&b=<2>\'+\'","body":"x"}'),
    signs("separators", '{"attach":"a\u2028b\u2029c\u007f\u00a0","body":"x"}'),
    signs("emoji", '{"attach":"咖啡☕😀 𠮷野家","body":"é"}'),
    signs(
        "escaped-chinese",
        r'{"outTradeNo":"SERVER20261201001","body":"\u5496\u5561","totalFee":1990,"openid":"oPayer0001"}',
    ),
    signs("written-over-lines", json.dumps(json.loads(ORDER), ensure_ascii=False, indent="\t")),
    signs("windows-line-ends", '{\r\n  "outTradeNo": "SERVER20261201001"\r\n}\r\n', name="queryOrder"),
    signs("other-order", '{"openid":"oPayer0001","totalFee":1990,"body":"咖啡","outTradeNo":"SERVER20261201001"}'),
    signs("long-key", ORDER, key=LONG),
    signs("another-minute", ORDER, time=TIME + 60_000),
    verifies("as-sent", TAKEN),
    verifies("sent-again", TAKEN, after=MINUTES_5, times=2),
    verifies("five-minutes-late", TAKEN, after=MINUTES_5),
    verifies("five-minutes-early", TAKEN, after=-MINUTES_5),
    verifies("next-key", TAKEN, event_of(call_of(ORDER, key=NEXT))),
    verifies("function-without-environment", TAKEN, function={"envId": None}),
    verifies("too-late", SIGNATURE, after=MINUTES_5 + 1),
    verifies("too-early", SIGNATURE, after=-MINUTES_5 - 1),
    verifies("time-made-newer", SIGNATURE, changed(time=TIME + 1)),
    verifies("other-key", SIGNATURE, event_of(call_of(ORDER, key=KEY + "x"))),
    verifies("key-retired", SIGNATURE, function={"keys": [NEXT]}),
    verifies("other-function", SIGNATURE, event_of(call_of(ORDER, name="refund"))),
    verifies("other-environment", SIGNATURE, event_of(call_of(ORDER, envId="test-1a2b3c"))),
    verifies("environment-renamed", SIGNATURE, changed(envId="test-1a2b3c")),
    verifies("other-mini-program", SIGNATURE, event_of(call_of(ORDER, appid="wx0000000000000000"))),
    verifies("mini-program-renamed", SIGNATURE, changed(appid="wx0000000000000000")),
    verifies("a-byte-of-data", SIGNATURE, changed(data=ORDER.replace("1990", "1991"))),
    verifies("a-blank-of-data", SIGNATURE, changed(data=ORDER + " ")),
    verifies("data-spelled-otherwise", SIGNATURE, changed(data=json.dumps(json.loads(ORDER)))),
    verifies("signature-in-capitals", SIGNATURE, changed(signature=GOOD.upper())),
    verifies("signature-cut", SIGNATURE, changed(signature=GOOD[:-1])),
    verifies("signature-empty", SIGNATURE, changed(signature="")),
    verifies("without-environment", SIGNATURE, without("envId")),
    verifies("without-mini-program", SIGNATURE, without("appid")),
    verifies("without-signature", UNSIGNED, without("signature")),
    verifies("time-as-text", UNSIGNED, changed(time=str(TIME))),
    verifies("data-as-object", UNSIGNED, changed(data=json.loads(ORDER))),
    verifies("not-signed", UNSIGNED, json.loads(ORDER)),
    verifies(
        "data-no-json",
        {"refused": "PARAM_ERROR", "retry": "never", "field": "signed.data"},
        event_of(call_of(NO_JSON)),
    ),
]

text = json.dumps(
    {"file": "service-calls.json", "count": len(vectors), "vectors": vectors},
    ensure_ascii=False,
    indent=1,
)
path = pathlib.Path(__file__).parent.parent / "vectors" / "service-calls.json"
path.write_text(text + "\n", encoding="utf-8")
print(f"{len(vectors)} vectors")
