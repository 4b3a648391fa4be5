/** Answers that make no sense, by the code of a `mutated` fault. */
export const nonsense: Record<string, (text: string) => string> = {
  NONSENSE: () => '<html>502 Bad Gateway</html>',
  HUGE: (text) => `{"pad":"${'x'.repeat(2_100_000)}",${text.slice(1)}`,
  UNKNOWN_WORD: (text) => text.replace(/"(trade_state|status)":"\w+"/, '"$1":"SOMETHING_NEW"'),
};
