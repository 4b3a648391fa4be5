/**
 * Says how the meanings of a contract's fields are written: in files of their own, which no function's bundle has.
 * The types hold them complete: a field of a contract without a meaning does not compile.
 */

/** Explains something in both languages. */
export interface Meaning {
  zh: string;
  en: string;
}

/** Every field of a type, or of any member of a union. */
type FieldName<T> = T extends unknown ? keyof T : never;
type ValueOf<T, K> = T extends unknown ? (K extends keyof T ? T[K] : never) : never;

/** Whether each member has the field, always. */
type IsAlways<T, K extends PropertyKey> = [T] extends [{ [name in K]: unknown }] ? true : false;

type KindOf<V> = V extends readonly unknown[]
  ? 'list'
  : V extends object
    ? 'object'
    : V extends string
      ? 'text'
      : V extends number
        ? 'number'
        : V extends boolean
          ? 'boolean'
          : 'any';

/** The words of a field that takes no other; undefined for free text. */
type WordsOf<V> = V extends string ? (string extends V ? never : V) : never;

/** The fields within an object, or within each entry of a list. */
type WithinOf<V> = V extends readonly (infer E)[]
  ? E extends object
    ? E
    : never
  : V extends object
    ? string extends keyof V
      ? never
      : V
    : never;

/** A field of an answer: its kind, whether it is always there, what it means; its words and inner fields. */
export type AnswerField<V, A> = Meaning & { kind: KindOf<V>; isAlways: A } & ([WordsOf<V>] extends [
    never,
  ]
    ? object
    : { words: { [word in WordsOf<V>]: Meaning } }) &
  ([WithinOf<V>] extends [never] ? object : { fields: AnswerMeanings<WithinOf<V>> });

/** The meanings of all fields of an answer. */
export type AnswerMeanings<T> = {
  [K in FieldName<T>]-?: AnswerField<NonNullable<ValueOf<T, K>>, IsAlways<T, K>>;
};

/** The meanings of all fields of an input; its types and limits its schema has. */
export type InputMeanings<T> = { [K in FieldName<T>]-?: Meaning };

/** Writes a meaning. */
export function mean(zh: string, en: string): Meaning {
  return { zh, en };
}
