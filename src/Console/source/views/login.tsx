import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Session } from "../session/session.ts";
import { kindly, useTitle } from "../ui/hooks.ts";

/** Asks who it is. The password is kept in the memory of the page only. */
export function Login({ session, message }: { session: Session; message: string }): JSX.Element {
  useTitle("Log in");
  const [user, setUser] = useState("default");
  const [password, setPassword] = useState("");
  const submit = (event: Event): void => {
    event.preventDefault();
    void session.connect({ user, password });
  };
  return (
    <main class="login">
      <form class="card" onSubmit={submit}>
        <h1>Bixbite</h1>
        {message && (
          <p class="problem" role="alert">
            {message.startsWith("WRONGPASS") ? "The name or the password is wrong, or the user is disabled." : kindly(message)}
          </p>
        )}
        <div class="field">
          <label for="user">User</label>
          <input
            id="user"
            autocomplete="username"
            spellcheck={false}
            value={user}
            onInput={(event) => setUser(event.currentTarget.value)}
          />
        </div>
        <div class="field">
          <label for="password">Password</label>
          <input
            id="password"
            type="password"
            autocomplete="current-password"
            value={password}
            onInput={(event) => setPassword(event.currentTarget.value)}
          />
        </div>
        <button type="submit" class="primary">
          Log in
        </button>
      </form>
    </main>
  );
}
