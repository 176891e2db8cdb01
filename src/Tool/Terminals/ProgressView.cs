using Spectre.Console;

namespace Bixbite.Tool.Terminals;

/// <summary>Shows how far something is, where a person watches; elsewhere it is only done.</summary>
internal static class ProgressView
{
    /// <summary>Does something that reports how much of the whole is done.</summary>
    /// <param name="terminal">Where it is shown.</param>
    /// <param name="name">What is done.</param>
    /// <param name="whole">The whole; 0 where it is not known.</param>
    /// <param name="action">Does it; it is given what takes the reports.</param>
    public static void Run(Terminal terminal, string name, double whole, Action<Action<double>> action)
    {
        if (!terminal.IsOutputPerson)
        {
            action(static _ => { });
            return;
        }
        Progress progress = terminal.Drawing().Progress().AutoClear(enabled: true);
        ProgressColumn[] columns = whole > 0
            ? [new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn()]
            : [new TaskDescriptionColumn(), new SpinnerColumn(), new ElapsedTimeColumn()];
        progress.Columns(columns).Start(context =>
        {
            ProgressTask task = context.AddTask(Markup.Escape(name), autoStart: true, maxValue: Math.Max(whole, 1));
            task.IsIndeterminate = whole <= 0;
            action(done => task.Value = Math.Min(done, task.MaxValue));
        });
    }
}
