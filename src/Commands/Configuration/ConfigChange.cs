using Bixbite.Configuration;
using Bixbite.Configuration.ConfigFiles;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Lifecycle;
using Bixbite.Logging;
using Bixbite.Protocol;

namespace Bixbite.Commands.Configuration;

/// <summary>CONFIG SET and CONFIG REWRITE: changing settings while the server runs, and making the file say the same.</summary>
public sealed class ConfigChange(
    Settings settings, SettingsEditor editor, ConfigRewrite rewrite, DataState state, ServerIdentity identity, ServerLog log)
{
    [Command(
        "config|set",
        Group = "server",
        Since = "2.0.0",
        Arity = -4,
        Flags = "admin noscript loading stale",
        Tips = "request_policy:all_nodes response_policy:all_succeeded",
        History = "7.0.0 Added the ability to set multiple parameters in one call.",
        Complexity = "O(N) with N the number of settings",
        Summary = "Changes settings, all of them or none.",
        Syntax = "(data: parameter value) ...")]
    public void Set(CommandContext context)
    {
        Redact(context);
        if (context.Count % 2 != 0)
        {
            context.Reply.Error(ErrorText.Syntax);
            return;
        }
        var pairs = new List<KeyValuePair<string, string>>();
        for (int i = 2; i < context.Count; i += 2)
        {
            pairs.Add(new KeyValuePair<string, string>(ByteText.Decode(context[i]), ByteText.Decode(context[i + 1])));
        }
        if (editor.Apply(pairs, new SettingsCaller(context.Session.IsLocal, state.IsLoading || state.IsLoadingAside)) is { } refusal)
        {
            Answer(context.Reply, refusal);
            return;
        }
        context.Reply.Ok();
    }

    [Command(
        "config|rewrite",
        Group = "server",
        Since = "2.8.0",
        Arity = 2,
        Flags = "admin noscript loading stale",
        Tips = "request_policy:all_nodes response_policy:all_succeeded",
        Complexity = "O(1)",
        Summary = "Writes the settings as they are now into the configuration file.")]
    public void Rewrite(CommandContext context)
    {
        if (identity.ConfigPath.Length == 0)
        {
            context.Reply.Error(ErrorText.NoConfigFile);
            return;
        }
        if (rewrite.Run(identity.ConfigPath) is { } problem)
        {
            log.Write(LogLevel.Warning, $"CONFIG REWRITE failed: {problem}");
            ErrorText.ConfigRewriteFailed(context.Reply, ByteText.Encode(problem));
            return;
        }
        log.Write(LogLevel.Notice, "CONFIG REWRITE executed with success.");
        context.Reply.Ok();
    }

    /// <summary>Redacts whatever follows the name of a secret, also where the request is wrong.</summary>
    private void Redact(CommandContext context)
    {
        for (int i = 2; i + 1 < context.Count; i++)
        {
            if (settings.Table.Find(ByteText.Decode(context[i])) is { } setting && setting.Has(SettingFlags.Sensitive))
            {
                context.Redact(i + 1);
            }
        }
    }

    private static void Answer(ReplyWriter reply, SettingsRefusal refusal)
    {
        byte[] name = ByteText.Encode(refusal.Name);
        switch (refusal.Kind)
        {
            case SettingsRefusalKind.Unknown:
                ErrorText.ConfigUnknown(reply, name);
                break;
            case SettingsRefusalKind.Loading:
                reply.Error(ErrorText.Loading);
                break;
            default:
                ErrorText.ConfigFailed(reply, name, ByteText.Encode(refusal.Reason));
                break;
        }
    }
}
