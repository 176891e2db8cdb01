using System.Runtime.CompilerServices;
using Bixbite.Lua.Bytecode;
using Bixbite.Lua.Values;

namespace Bixbite.Lua.Running;

/// <summary>
/// The loop over instructions. Here is only what needs no metamethod, no allocation and no error; for all else the instruction is handed
/// to <see cref="Operations"/>, and the running frame is looked up again, because it may be another one.
/// </summary>
internal static class Interpreter
{
    /// <summary>Runs the frames of Lua on top of a thread, until another kind of frame or thread is next, or the budget is used.</summary>
    public static void Run(LuaMachine machine, LuaThread thread)
    {
        LuaMemory fuel = machine.Memory;
    Enter:
        CallFrame frame = thread.Frame;
        if (!machine.GoesOn(thread)) { return; }
    Load:
        if (frame.Closure is not { } closure || fuel.Fuel < 0) { return; }
        Instruction[] code = closure.Prototype.Code;
        LuaValue[] k = closure.Prototype.Constants;
        Span<LuaValue> r = thread.Stack.AsSpan(frame.Base, closure.Prototype.StackSize);
        int pc = frame.Pc;
        while (true)
        {
            ref readonly Instruction i = ref code[pc++];
            switch (i.Op)
            {
                case OpCode.Move: Fast.Copy(ref r[i.A], r[i.C]); continue;
                case OpCode.LoadK: Fast.Copy(ref r[i.A], k[i.C]); continue;
                case OpCode.LoadBool: r[i.A] = new LuaValue(i.B != 0); pc += i.C; continue;
                case OpCode.LoadNil: Fast.Clear(r, i); continue;
                case OpCode.GetUpvalue: Fast.GetUpvalue(r, i, closure); continue;
                case OpCode.SetUpvalue: Fast.SetUpvalue(r, i, closure); continue;
                case OpCode.GetGlobal: if (Fast.GetField(ref r[i.A], closure.Environment, k[i.C])) { continue; } break;
                case OpCode.GetTable: if (Fast.GetTable(r, i)) { continue; } break;
                case OpCode.GetField: if (Fast.GetField(r, k, i) || Indexing.TryGet(machine, r, k, i)) { continue; } break;
                case OpCode.GetInt: if (Fast.GetInt(r, i)) { continue; } break;
                case OpCode.SetTable: if (Fast.SetTable(r, k, i)) { continue; } break;
                case OpCode.SetField: if (Fast.SetField(r, k, i)) { continue; } break;
                case OpCode.SetInt: if (Fast.SetInt(r, k, i)) { continue; } break;
                case OpCode.Self: if (Fast.Self(r, k, i) || Indexing.TrySelf(machine, r, k, i)) { continue; } break;
                case OpCode.Add: if (Fast.Add(r, i)) { continue; } break;
                case OpCode.Sub: if (Fast.Sub(r, i)) { continue; } break;
                case OpCode.Mul: if (Fast.Mul(r, i)) { continue; } break;
                case OpCode.Div: if (Fast.Div(r, i)) { continue; } break;
                case OpCode.Mod: if (Fast.Mod(r, i)) { continue; } break;
                case OpCode.AddK: if (Fast.AddK(r, k, i)) { continue; } break;
                case OpCode.SubK: if (Fast.SubK(r, k, i)) { continue; } break;
                case OpCode.MulK: if (Fast.MulK(r, k, i)) { continue; } break;
                case OpCode.DivK: if (Fast.DivK(r, k, i)) { continue; } break;
                case OpCode.ModK: if (Fast.ModK(r, k, i)) { continue; } break;
                case OpCode.Unm: if (Fast.Unm(r, i)) { continue; } break;
                case OpCode.Not: r[i.A] = new LuaValue(!r[i.B].IsTruthy); continue;
                case OpCode.Len: if (Fast.Len(r, i)) { continue; } break;
                case OpCode.Jump: pc += i.C; continue;
                case OpCode.Loop: goto Back;
                case OpCode.Equal: if (!Fast.TryEqual(r, i, out bool equal)) { break; } pc = Go(code, pc, i, equal); continue;
                case OpCode.Less: if (!Fast.TryLess(r, i, out bool less)) { break; } pc = Go(code, pc, i, less); continue;
                case OpCode.LessEqual: if (!Fast.TryLessEqual(r, i, out bool most)) { break; } pc = Go(code, pc, i, most); continue;
                case OpCode.EqualK: pc = Go(code, pc, i, r[i.B].RawEquals(k[i.C])); continue;
                case OpCode.LessK: if (r[i.B].IsNumber) { pc = Go(code, pc, i, r[i.B].Number < k[i.C].Number); continue; } break;
                case OpCode.LessEqualK: if (r[i.B].IsNumber) { pc = Go(code, pc, i, r[i.B].Number <= k[i.C].Number); continue; } break;
                case OpCode.GreaterK: if (r[i.B].IsNumber) { pc = Go(code, pc, i, r[i.B].Number > k[i.C].Number); continue; } break;
                case OpCode.GreaterEqualK: if (r[i.B].IsNumber) { pc = Go(code, pc, i, r[i.B].Number >= k[i.C].Number); continue; } break;
                case OpCode.Test: pc = Comparison.Branch(code, pc, r[i.A].IsTruthy == (i.C != 0)); continue;
                case OpCode.TestSet: pc = Comparison.Branch(code, pc, Fast.TestSet(r, i)); continue;
                case OpCode.Call: frame.Pc = pc; if (Calls.TryCall(thread, ref frame, r[i.A].Object, i)) { goto Load; } break;
                case OpCode.Return: frame.Pc = pc; Operations.Return(machine, thread, frame, i); goto Enter;
                case OpCode.Return0 or OpCode.Return1: frame.Pc = pc; if (Calls.TryReturn(thread, ref frame, i)) { goto Load; } break;
                case OpCode.ForLoop: if (!Fast.Step(r, i)) { continue; } goto Back;
                case OpCode.TForLoop: if (!Fast.Advance(r, i)) { continue; } goto Back;
            }
            frame.Pc = pc;
            Operations.Run(machine, thread, frame, i);
            goto Enter;
        Back:
            pc += i.C;
            if (!fuel.Spend(i.C)) { frame.Pc = pc; return; }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Go(Instruction[] code, int pc, in Instruction test, bool holds) =>
        Comparison.Branch(code, pc, holds == (test.A != 0));
}
