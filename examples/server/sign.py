"""Signs a call of a payment function and sends it; needs nothing but Python 3.

    python3 examples/server/sign.py queryOrder < order.json
"""

import base64
import hashlib
import hmac
import json
import os
import sys
import time
import urllib.error
import urllib.request


def request_body(key, name, env_id, appid, time_ms, data):
    """Makes the request; data is JSON text, which is signed and sent as it stands, however it is spelled."""
    text = "\n".join([name, env_id, appid, str(time_ms), data])
    signature = hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()
    signed = {"envId": env_id, "appid": appid, "time": time_ms, "data": data}
    return json.dumps({"signed": {**signed, "signature": signature}})


def call(name, data):
    """Calls a function; the answer's errCode is 0 where it did what was asked."""
    env = os.environ
    env_id, appid, key = env["TCB_ENV"], env["WXPAY_APPID"], env["WXPAY_SERVICE_KEY"]
    url = env.get("LOCAL_URL") or f"https://{env_id}.api.tcloudbasegateway.com"
    api_key = env.get("LOCAL_API_KEY") or env["CLOUDBASE_APIKEY"]
    body = request_body(key, name, env_id, appid, time.time_ns() // 1_000_000, data)
    headers = {"Authorization": f"Bearer {api_key}", "Content-Type": "application/json"}
    request = urllib.request.Request(f"{url}/v1/functions/{name}", body.encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.read().decode()
    except urllib.error.HTTPError as refusal:
        return refusal.read().decode()


def main():
    sys.stdin.reconfigure(encoding="utf-8", newline="")
    sys.stdout.reconfigure(encoding="utf-8")
    if sys.argv[1] != "--vectors":
        print(call(sys.argv[1], sys.stdin.read()))
        return
    # One call a line, its fields in base64: key, name, envId, appid, time, data.
    for line in sys.stdin:
        key, name, env_id, appid, at, data = [base64.b64decode(field).decode() for field in line.split()]
        print(request_body(key, name, env_id, appid, int(at), data))


main()
