import { type JUnitOptions, JUnitReporter } from "vitest/node";
import { propertiesOf } from "../fixtures/run/run-facts.ts";

type Tasks = Parameters<JUnitReporter["writeTasks"]>[0];

/** vitest's own, which writes annotations as properties of a test, with the facts of the test's runs beside them. */
export default class JUnitWithRuns extends JUnitReporter {
  constructor(options: JUnitOptions) {
    // Of the reporters that the command line names, those for programs print on standard output: `> file` has it.
    super({ stdout: true, ...options });
  }

  override writeTasks(tasks: Tasks, filename: string, path: string): Promise<void> {
    return super.writeTasks(tasks.map(withProperties), filename, path);
  }
}

/** A task whose runs are told as annotations are. */
function withProperties(task: Tasks[number]): Tasks[number] {
  if (task.type !== "test" || task.meta.stress === undefined) return task;
  const properties = task.meta.stress.flatMap((facts, at) =>
    propertiesOf(facts).map(([name, message]) => ({
      // The names of a second run's are its own.
      type: at === 0 ? name : `run ${at + 1}: ${name}`,
      message,
    })),
  );
  return { ...task, annotations: [...task.annotations, ...properties] };
}
