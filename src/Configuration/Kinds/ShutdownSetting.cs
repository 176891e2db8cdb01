namespace Bixbite.Configuration.Kinds;

[Flags]
public enum SignalShutdown
{
    Default = 0,
    Save = 1,
    NoSave = 2,
    Now = 4,
    Force = 8,
}

/// <summary>The SHUTDOWN options that a signal stands for.</summary>
public sealed class ShutdownSetting(string name) : ValueSetting<SignalShutdown>(name, SignalShutdown.Default)
{
    private static readonly (string Word, SignalShutdown Value)[] s_choices =
    [
        ("default", SignalShutdown.Default), ("save", SignalShutdown.Save), ("nosave", SignalShutdown.NoSave),
        ("now", SignalShutdown.Now), ("force", SignalShutdown.Force),
    ];

    public override string Range => string.Join(", ", s_choices.Select(choice => choice.Word)) + " (several)";

    protected override string? Read(IReadOnlyList<string> words)
    {
        SignalShutdown flags = SignalShutdown.Default;
        bool isKnown = words.Count > 0;
        foreach (string word in words)
        {
            int index = Array.FindIndex(s_choices, choice => choice.Word.Equals(word, StringComparison.OrdinalIgnoreCase));
            isKnown &= index >= 0;
            if (index >= 0)
            {
                flags |= s_choices[index].Value;
            }
        }
        if (!isKnown)
        {
            return "argument(s) must be one of the following: " + string.Join(", ", s_choices.Select(choice => choice.Word));
        }
        return (flags & (SignalShutdown.Save | SignalShutdown.NoSave)) == (SignalShutdown.Save | SignalShutdown.NoSave)
            ? "shutdown options SAVE and NOSAVE can't be used simultaneously"
            : Keep(flags);
    }

    protected override string Format(SignalShutdown value) => value == SignalShutdown.Default
        ? "default"
        : string.Join(' ', s_choices.Where(choice => choice.Value != 0 && value.HasFlag(choice.Value)).Select(choice => choice.Word));
}
