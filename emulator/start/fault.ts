/** Says why a start failed, and what to do. */
export async function startFault(
  error: unknown,
  { port, host }: { port: number; host?: string },
): Promise<string> {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRNOTAVAIL') {
    return `本机没有地址 ${host}，请用 --host 0.0.0.0 (this machine has no such address: name every one)`;
  }
  if (code !== 'EADDRINUSE') return error instanceof Error ? error.message : String(error);
  const url = `http://127.0.0.1:${port}`;
  const next = port < 65_535 ? port + 1 : port - 1;
  const other = `npm start -- --port ${next} --data .local${next}`;
  if (await isLocalCloud(url)) {
    return `端口 ${port} 已被占用：本地云已在运行 (it already runs at) ${url}/ 。直接打开该页面；要另开一个：${other}
(open that page, or start another one beside it with --port and --data)`;
  }
  return `端口 ${port} 已被占用，请换一个：${other}
(port ${port} is taken: stop the other program, or choose another port)`;
}

async function isLocalCloud(url: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/_local/world`, { signal: AbortSignal.timeout(1000) });
    return 'notifyUrl' in ((await answer.json()) as object);
  } catch {
    return false; // Something else answers there, or nothing.
  }
}
