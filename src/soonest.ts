// Waiting for something, but not for ever. It knows nothing of what is waited for.

/** Resolves as `promise` does, or with null when `ms` are over. Rejects where it does before. */
export async function soonest<T>(promise: Promise<T>, ms: number): Promise<T | null> {
  const { promise: late, resolve } = Promise.withResolvers<null>();
  const timer = setTimeout(() => resolve(null), ms);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
