<?php
// Signs a call of a payment function and sends it; needs nothing but PHP 8:
// php examples/server/sign.php queryOrder < order.json

declare(strict_types=1);

/** Makes the request; $data is JSON text, which is signed and sent as it stands, however it is spelled. */
function request_body(string $key, string $name, string $envId, string $appid, int $timeMs, string $data): string
{
    $text = implode("\n", [$name, $envId, $appid, (string) $timeMs, $data]);
    $signed = ['envId' => $envId, 'appid' => $appid, 'time' => $timeMs, 'data' => $data];
    $signed['signature'] = hash_hmac('sha256', $text, $key);
    return json_encode(['signed' => $signed], JSON_THROW_ON_ERROR);
}

/** Calls a function; the answer's errCode is 0 where it did what was asked. */
function call(string $name, string $data): string
{
    $envId = (string) getenv('TCB_ENV');
    $url = getenv('LOCAL_URL') ?: "https://{$envId}.api.tcloudbasegateway.com";
    $apiKey = getenv('LOCAL_API_KEY') ?: getenv('CLOUDBASE_APIKEY');
    $timeMs = (int) floor(microtime(true) * 1000);
    $appid = (string) getenv('WXPAY_APPID');
    $body = request_body((string) getenv('WXPAY_SERVICE_KEY'), $name, $envId, $appid, $timeMs, $data);
    $context = stream_context_create(['http' => [
        'method' => 'POST',
        'header' => ["Authorization: Bearer {$apiKey}", 'Content-Type: application/json'],
        'content' => $body,
        'timeout' => 20,
        'ignore_errors' => true, // the body of a refusal says why
    ]]);
    $answer = file_get_contents("{$url}/v1/functions/{$name}", false, $context);
    if ($answer === false) {
        throw new RuntimeException('no answer: query the same number');
    }
    return $answer;
}

$input = (string) stream_get_contents(STDIN);
if ($argv[1] !== '--vectors') {
    echo call($argv[1], $input), "\n";
    exit;
}
// One call a line, its fields in base64: key, name, envId, appid, time, data.
foreach (explode("\n", trim($input)) as $line) {
    [$key, $name, $envId, $appid, $time, $data] = array_map('base64_decode', explode(' ', $line));
    echo request_body($key, $name, $envId, $appid, (int) $time, $data), "\n";
}
