using System.Text;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Requests;
using Bixbite.Protocol;
using Bixbite.Scripting.Running;
using Bixbite.Scripting.Scripts;

namespace Bixbite.Scripting.Commands;

/// <summary>The scripts of a server, for its commands. Nothing of Lua is there before the first script comes.</summary>
public sealed class ScriptService : IDisposable
{
    private readonly Func<ScriptRunner> _createRunner;
    private readonly ScriptRequests _requests;
    private ScriptRunner? _runner;

    internal ScriptService(Func<ScriptRunner> createRunner, ScriptRequests requests)
    {
        _createRunner = createRunner;
        _requests = requests;
    }

    /// <summary>Bytes that scripts and their machine take.</summary>
    public long Bytes => _runner is { } runner ? runner.MachineBytes + runner.Scripts.Bytes : 0;

    /// <summary>Scripts that are known.</summary>
    public int Count => _runner?.Scripts.Count ?? 0;

    /// <summary>Scripts that had to go for others.</summary>
    public long EvictedCount => _runner?.Scripts.EvictedCount ?? 0;

    private ScriptRunner Runner => _runner ??= _createRunner();

    /// <summary>The script of a digest, in any letter case; null if there is none.</summary>
    internal Script? Find(ReadOnlySpan<byte> digest) => _runner?.Scripts.Find(digest);

    /// <summary>The script of a source; null if it is none, which is answered.</summary>
    internal Script? Load(CommandContext context, ReadOnlySpan<byte> source, bool isForGood)
    {
        Script? script = Runner.Scripts.Load(source, isForGood, out string error);
        if (script is null)
        {
            new ErrorLine(context.Reply).Text("ERR "u8).Argument(Encoding.Latin1.GetBytes(error)).End();
        }
        return script;
    }

    /// <summary>Runs a script of this service's, unless what it says of itself forbids it now.</summary>
    internal void Run(CommandContext context, Script script, int firstKey, int keyCount, bool isReadOnly)
    {
        if (script.Flags.HasFlag(ScriptFlags.Undeclared) || IsAllowed(context, script.Flags, isReadOnly))
        {
            Runner.Run(context, script, firstKey, keyCount, isReadOnly);
        }
    }

    public void Clear()
    {
        _runner?.Dispose();
        _runner = null;
    }

    public void Dispose() => Clear();

    private bool IsAllowed(CommandContext context, ScriptFlags flags, bool isReadOnly)
    {
        bool isWriting = !flags.HasFlag(ScriptFlags.NoWrites);
        if (isWriting && !flags.HasFlag(ScriptFlags.AllowOom) && _requests.IsMemoryOverLimit)
        {
            context.Reply.Error(ErrorText.OutOfMemory);
            return false;
        }
        if (isWriting && _requests.AnswerDiskFailure(context))
        {
            return false;
        }
        if (isWriting && isReadOnly)
        {
            context.Reply.Error(ErrorText.ScriptIsWriting);
            return false;
        }
        return true;
    }
}
