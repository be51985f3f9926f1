/** Who the server says is signed in; asked before anything is sent in somebody's name. */

export interface Session {
  readonly person: string;
  readonly unit: string;
  /** The token that a request which changes something must carry. */
  readonly token: string;
  /** What wraps the keys of this person's computers, in base64. */
  readonly key: string;
}

export type Asked = Session | "offline" | "signed-out";

const ADDRESS = "/api/v1/offline/session";

export async function askSession(): Promise<Asked> {
  try {
    const answer = await fetch(ADDRESS, { credentials: "same-origin", cache: "no-store" });
    if (answer.ok) return (await answer.json()) as Session;
    return answer.status === 401 || answer.status === 403 ? "signed-out" : "offline";
  } catch {
    return "offline";
  }
}

/** The wrapping key of a person, if it is that person who is signed in. */
export async function secretOf(person: string): Promise<Uint8Array<ArrayBuffer> | null> {
  const session = await askSession();
  if (typeof session === "string" || session.person !== person) return null;
  return Uint8Array.from(atob(session.key), (letter) => letter.charCodeAt(0));
}
