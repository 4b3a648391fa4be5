export type Language = 'zh' | 'en';

/** Matches the form of all messages: Chinese, then English in brackets. */
const BOTH = /^(.*\p{Script=Han}.*?)\s*\(([^\p{Script=Han}]*[a-z]{2}[^\p{Script=Han}]*)\)([^)]*)$/u;

/** Takes one language of a message that has both; one that has not stays as it is. */
export function inOneLanguage(message: string, language: Language): string {
  const [, chinese = '', english = '', rest = ''] = BOTH.exec(message.trim()) ?? [];
  if (chinese === '') return message;
  return (language === 'zh' ? chinese : english) + rest;
}
