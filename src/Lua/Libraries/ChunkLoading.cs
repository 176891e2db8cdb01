using Bixbite.Lua.Running;
using Bixbite.Lua.Values;

namespace Bixbite.Lua.Libraries;

/// <summary><c>load</c> and <c>loadstring</c>: text only.</summary>
internal static class ChunkLoading
{
    /// <summary>Compiling takes as long as so many instructions, and as so many for each byte.</summary>
    private const int SourceWork = 100;
    private const int StepsPerByte = 4;

    private static readonly LuaString s_loadName = LuaString.Of("=(load)");

    public static HostStep LoadString(in HostCall call)
    {
        LuaString source = call.CheckString(0);
        return Compile(call, source.Span.ToArray(), call.OptString(1) ?? source);
    }

    public static HostStep Load(in HostCall call)
    {
        LuaFunction reader = call.CheckFunction(0);
        LuaString name = call.OptString(1) ?? s_loadName;
        return call.CallProtected(reader, [], new ReaderTask(reader, name));
    }

    private static HostStep Compile(in HostCall call, byte[] source, LuaString name)
    {
        call.Spend(SourceWork + (int)Math.Min(source.Length * (long)StepsPerByte, int.MaxValue / 2));
        try
        {
            return call.Return(call.Machine.Load(source, name, call.Thread.Globals));
        }
        catch (LuaException error)
        {
            return call.Return(LuaValue.Nil, error.Value);
        }
    }

    /// <summary>Collects the pieces of a chunk.</summary>
    private sealed class ReaderTask(LuaFunction reader, LuaString name) : HostTask
    {
        private readonly LuaValue[] _held = [reader, name];
        private readonly List<byte> _source = [];

        public override ReadOnlySpan<LuaValue> Held => _held;

        public override long HeldBytes => _source.Count;

        public override HostStep Resume(in HostCall call)
        {
            if (call.HasFailed)
            {
                return call.Return(LuaValue.Nil, call[0]);
            }
            if (call[0].IsNil)
            {
                return Compile(call, [.. _source], name);
            }
            if (HostArguments.TryString(call.Memory, call[0]) is not { } piece)
            {
                return call.Return(LuaValue.Nil, Unwinding.NewMessage(call.Machine, "reader function must return a string"));
            }
            if (piece.Length == 0)
            {
                return Compile(call, [.. _source], name);
            }
            call.Memory.Add(piece.Length);
            _source.AddRange(piece.Span);
            return call.CallProtected(reader, [], this);
        }
    }
}
