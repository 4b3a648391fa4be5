// The process that `serverless invoke local` runs a built function in: one event, one answer, over IPC.
process.once('message', async ({ file, event, environment, timeoutMs }) => {
  const deadlineMs = performance.now() + timeoutMs;
  const context = {
    callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis: () => Math.max(0, Math.floor(deadlineMs - performance.now())),
    request_id: 'invoke-local',
    environment: JSON.stringify(environment),
    function_version: '$LATEST',
  };
  try {
    const result = await require(file).main(event, context);
    process.send({ result: JSON.stringify(result ?? null) });
  } catch (error) {
    process.send({ error: String(error?.stack ?? error) });
  }
  process.disconnect();
});
