using Bixbite.Configuration;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;

namespace Bixbite.Commands.Configuration;

/// <summary>CONFIG DOCS: the documentation of settings, for those who show them to people.</summary>
public sealed class ConfigDocs(Settings settings)
{
    private const int FieldCount = 6;

    [Command(
        "config|docs",
        Group = "server",
        Since = "7.2.0",
        Arity = -2,
        Flags = "noscript loading stale",
        Complexity = "O(N) with N the number of settings asked for",
        Summary = "The meaning of the settings with these names, or of all: default, what they accept, whether CONFIG SET changes them.",
        Syntax = "[parameter ...]")]
    public void Docs(CommandContext context)
    {
        string[] patterns = ["*"];
        if (context.Count > 2)
        {
            patterns = new string[context.Count - 2];
            for (int i = 0; i < patterns.Length; i++)
            {
                patterns[i] = ByteText.Decode(context[i + 2]);
            }
        }
        IReadOnlyList<NamedSetting> matches = settings.Table.Match(patterns);
        context.Reply.Map(matches.Count);
        foreach (NamedSetting match in matches)
        {
            context.Reply.Bulk(ByteText.Encode(match.Name));
            Describe(context, match.Setting);
        }
    }

    private static void Describe(CommandContext context, Setting setting)
    {
        context.Reply.Map(FieldCount);
        Tell(context, "summary"u8, setting.Description);
        Tell(context, "group"u8, setting.Group);
        Tell(context, "default"u8, setting.DefaultText);
        Tell(context, "accepts"u8, setting.Range);
        Tell(context, "change"u8, ChangeOf(setting));
        Tell(context, "effect"u8, EffectOf(setting));
    }

    private static void Tell(CommandContext context, ReadOnlySpan<byte> field, string text)
    {
        context.Reply.Bulk(field);
        context.Reply.Bulk(ByteText.Encode(text));
    }

    private static string ChangeOf(Setting setting) =>
        !setting.IsMutable ? "no" : setting.Has(SettingFlags.Protected) ? "protected" : "yes";

    private static string EffectOf(Setting setting) => setting.Effect switch
    {
        SettingEffect.Works => "works",
        SettingEffect.NoMeaning => "no meaning",
        SettingEffect.ArrivesLater => "later",
        _ => "not yet",
    };
}
