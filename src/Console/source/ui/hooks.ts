import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { useApp } from "./app.ts";

export interface Loaded<T> {
  value: T | undefined;
  error: string;
  isLoading: boolean;
  reload(): Promise<void>;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * What a request gives, asked for anew when something that it depends on changes. What was there before stays until then;
 * an answer that comes too late is dropped.
 */
export function useLoad<T>(load: () => Promise<T>, depends: readonly unknown[]): Loaded<T> {
  const [state, setState] = useState<{ value: T | undefined; error: string; isLoading: boolean }>({
    value: undefined,
    error: "",
    isLoading: true,
  });
  const round = useRef(0);
  const current = useRef(load);
  current.current = load;
  const reload = useCallback(async () => {
    const mine = ++round.current;
    setState((old) => ({ ...old, isLoading: true }));
    try {
      const value = await current.current();
      if (mine === round.current) {
        setState({ value, error: "", isLoading: false });
      }
    } catch (error) {
      if (mine === round.current) {
        setState((old) => ({ ...old, error: messageOf(error), isLoading: false }));
      }
    }
  }, []);
  useEffect(() => {
    void reload();
    return () => void round.current++;
  }, depends);
  return { ...state, reload };
}

/** Calls it every so often while the page is seen, the next time after the last has ended. */
export function usePoll(task: () => Promise<void>, periodMs: number): void {
  const current = useRef(task);
  current.current = task;
  useEffect(() => {
    let timer = 0;
    let isOver = false;
    const round = async (): Promise<void> => {
      if (!document.hidden) {
        await current.current();
      }
      if (!isOver) {
        timer = window.setTimeout(() => void round(), periodMs);
      }
    };
    timer = window.setTimeout(() => void round(), periodMs);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [periodMs]);
}

/** Runs what the user asked for, and tells where it failed. */
export function useAction(): (action: () => Promise<unknown>) => void {
  const { asking } = useApp();
  return useCallback(
    (action) => void action().catch((error: unknown) => asking.tell(kindly(messageOf(error)))),
    [asking],
  );
}

/** An error of the server as a sentence, where it is a frequent one. */
export function kindly(message: string): string {
  const denied = /^NOPERM .*run the '([^']+)' command/.exec(message)?.[1];
  if (denied) {
    return `You may not run ${denied.toUpperCase().replace("|", " ")}.`;
  }
  return message.startsWith("NOPERM") ? `You may not do this: ${message.slice("NOPERM ".length)}` : message;
}

/** The heading of the view and the title of the page. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} – Bixbite console`;
  }, [title]);
}

/** What `/` and `r` do in this view, from the moment in which it is shown. */
export function useViewKeys(keys: { search?: () => void; reload?: () => void }): void {
  const current = useRef(keys);
  current.current = keys;
  useLayoutEffect(() => {
    const search = (): void => current.current.search?.();
    const reload = (): void => current.current.reload?.();
    addEventListener("console-search", search);
    addEventListener("console-reload", reload);
    return () => {
      removeEventListener("console-search", search);
      removeEventListener("console-reload", reload);
    };
  }, []);
}
