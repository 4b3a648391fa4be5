/** Writes fen as a payer reads them: `¥19.90`. */
export function yuanOf(fen: number): string {
  const digits = String(fen).padStart(3, '0');
  return `¥${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
