// Answers in the order of their questions, several of which are asked at once: who waits for each before he asks the
// next spends most of his time waiting. Knows nothing of what is asked.

/**
 * What `ask` answers for each of `questions`, in their order; `most` questions are under way at most. An answer that is
 * rejected is thrown in its place.
 */
export async function* answersInOrder<Question, Answer>(
  questions: Iterable<Question>,
  ask: (question: Question) => Promise<Answer>,
  most: number,
): AsyncGenerator<Answer, void, void> {
  const waiting: Promise<Answer>[] = [];
  for (const question of questions) {
    const asked = ask(question);
    // It is thrown when its place comes.
    asked.catch(() => {});
    waiting.push(asked);
    if (waiting.length >= most) yield await waiting.shift()!;
  }
  while (waiting.length > 0) yield await waiting.shift()!;
}
