export type Language = 'zh' | 'en';

/**
 * Matches a piece of a message: what stands before its Chinese (a name, an end of what came before), the Chinese,
 * and the English beside it in brackets.
 */
const PIECE =
  /(?<lead>(?:[^\p{Script=Han}()]*(?::|：|；|，|,)\s*)?)(?<zh>[^()]*?\p{Script=Han}[^()]*?)\s*\((?<en>[^\p{Script=Han}()]*(?:\([^\p{Script=Han}()]*\)[^\p{Script=Han}()]*)*)\)/gu;

const ENGLISH = /[a-z]{2}/;

/** Takes one language of a message that has both, piece by piece; one that has not stays as it is. */
export function inOneLanguage(message: string, language: Language): string {
  return message.trim().replace(PIECE, (whole, lead: string, zh: string, en: string) => {
    if (!ENGLISH.test(en)) return whole;
    if (language === 'zh') return lead + zh;
    return lead.replace(/[；，]\s*/g, ', ').replace('：', ': ') + en;
  });
}
