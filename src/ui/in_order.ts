// Answers in the order of their questions, several of which are asked at once: who waits for each before he asks the
// next spends most of his time waiting. Knows nothing of what is asked.

/**
 * What `ask` answers for each of `items`, in their order; `most` questions are under way at most. An answer that is
 * rejected is thrown in its place.
 */
export async function* inOrder<Item, Answer>(
  items: Iterable<Item>,
  ask: (item: Item) => Promise<Answer>,
  most: number,
): AsyncGenerator<Answer, void, void> {
  const waiting: Promise<Answer>[] = [];
  for (const item of items) {
    const asked = ask(item);
    // It is thrown when its place comes.
    asked.catch(() => {});
    waiting.push(asked);
    if (waiting.length >= most) yield await waiting.shift()!;
  }
  while (waiting.length > 0) yield await waiting.shift()!;
}
