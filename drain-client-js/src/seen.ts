const MOST = 1024;

/** Whether an event is none of the last 1024, and from now on it is; one without an id always is. */
export function isNew(seen: Set<unknown>, id: unknown): boolean {
  if (id == null) return true;
  if (seen.has(id)) return false;
  seen.add(id);
  if (seen.size > MOST) seen.delete(seen.values().next().value);
  return true;
}
