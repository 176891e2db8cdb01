using Bixbite.Lua.Running;
using Bixbite.Lua.Text;
using Bixbite.Lua.Values;

namespace Bixbite.Lua.Libraries;

/// <summary><c>table.concat</c>.</summary>
internal sealed class TableConcat(LuaMemory memory)
{
    private const int ElementsPerCheck = 256;
    private const int BytesPerStep = 64;

    private ConcatTask? _spare;

    public HostStep Begin(in HostCall call)
    {
        LuaString separator = call.OptString(1) ?? LuaString.Empty;
        LuaTable table = call.CheckTable(0);
        int first = call.OptInt(2, 1);
        int last = call[3].IsNil ? table.Length : call.CheckInt(3);
        ConcatTask task = _spare ?? new ConcatTask(this, memory);
        _spare = null;
        return task.Begin(call, table, separator, first, last);
    }

    private sealed class ConcatTask(TableConcat owner, LuaMemory memory) : HostTask
    {
        private readonly ByteBuffer _result = new(memory.Add);
        private readonly LuaValue[] _held = [LuaValue.Nil, LuaValue.Nil];
        private LuaTable? _table;
        private LuaString _separator = LuaString.Empty;
        private long _at;
        private int _last;

        public override ReadOnlySpan<LuaValue> Held => _held;

        public override long HeldBytes => _result.Capacity;

        public HostStep Begin(in HostCall call, LuaTable table, LuaString separator, int first, int last)
        {
            _held[0] = _table = table;
            _held[1] = _separator = separator;
            _at = first;
            _last = last;
            _result.Clear();
            return Resume(call);
        }

        public override HostStep Resume(in HostCall call)
        {
            int before = _result.Length;
            for (int count = 0; _at <= _last; count++)
            {
                if (count == ElementsPerCheck)
                {
                    int written = _result.Length - before;
                    before = _result.Length;
                    count = 0;
                    if (!call.Spend(ElementsPerCheck + written / BytesPerStep))
                    {
                        return call.Pause(this);
                    }
                }
                Add(call, _table!.Get((int)_at));
                if (_at++ < _last)
                {
                    _result.Add(_separator.Span);
                }
            }
            call.Spend((_result.Length - before) / BytesPerStep);
            LuaString result = call.Memory.NewString(_result.Written);
            _table = null;
            _separator = LuaString.Empty;
            _held[0] = _held[1] = LuaValue.Nil;
            _result.Clear();
            owner._spare = this;
            return call.Return(result);
        }

        private void Add(in HostCall call, LuaValue element)
        {
            if (element.Object is LuaString text)
            {
                _result.Add(text.Span);
            }
            else if (element.IsNumber)
            {
                _result.Advance(NumberText.Write(element.Number, _result.Reserve(NumberText.SizeMax)));
            }
            else
            {
                throw call.Error($"invalid value ({element.TypeName}) at index {_at} in table for 'concat'");
            }
        }
    }
}
