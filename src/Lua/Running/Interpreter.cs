using System.Runtime.CompilerServices;
using Bixbite.Lua.Bytecode;
using Bixbite.Lua.Values;

namespace Bixbite.Lua.Running;

/// <summary>
/// The loop over instructions. Here is only what needs no metamethod, no allocation and no error; for all else the instruction is handed
/// to <see cref="Operations"/>, and the running frame is looked up again, because it may be another one. There are few variables, so that
/// all are in registers; a span of registers that is longer than a byte can number needs no checks.
/// </summary>
internal static class Interpreter
{
    /// <summary>Runs the topmost frames, until another step is pending, a thread is at its end, or the budget is used.</summary>
    public static void Run(LuaMachine machine)
    {
        CallFrame frame = machine.Current.Frame;
    Enter:
        if (!TryFind(ref frame)) { return; }
    Load:
        if (frame.Memory.Fuel < 0 || frame.Closure is null) { if (Calls.TryResume(frame)) { goto Enter; } return; }
        Instruction[] code = frame.Code;
        LuaValue[] k = frame.Constants;
        Span<LuaValue> r = frame.Thread.Stack.AsSpan(frame.Base, LuaThread.Window);
        int pc = frame.Pc;
        while (true)
        {
            Instruction i = code[pc++];
            switch (i.Op)
            {
                case OpCode.Move: LuaValue.Copy(ref r[i.A], r[(byte)i.C]); continue;
                case OpCode.LoadK: LuaValue.Copy(ref r[i.A], k[i.C]); continue;
                case OpCode.LoadBool: r[i.A] = new LuaValue(i.B != 0); pc += i.C; continue;
                case OpCode.LoadNil: Fast.Clear(r, i); continue;
                case OpCode.GetUpvalue: Fast.GetUpvalue(r, i, frame.Closure); continue;
                case OpCode.SetUpvalue: Fast.SetUpvalue(r, i, frame.Closure); continue;
                case OpCode.GetGlobal: if (Fast.GetField(ref r[i.A], frame.Closure.Environment, k[i.C])) { continue; } break;
                case OpCode.GetTable: if (Fast.GetTable(r, i)) { continue; } break;
                case OpCode.GetField: if (Fast.GetField(r, k, i) || Indexing.TryGet(frame.Machine, r, k, i)) { continue; } break;
                case OpCode.GetInt: if (Fast.GetInt(r, i)) { continue; } break;
                case OpCode.SetTable: if (Fast.SetTable(r, k, i)) { continue; } break;
                case OpCode.SetField: if (Fast.SetField(r, k, i) || Indexing.TryAdd(r, k, i)) { continue; } break;
                case OpCode.SetInt: if (Fast.SetInt(r, k, i)) { continue; } break;
                case OpCode.NewTable: frame.Pc = pc; r[i.A] = Operations.NewTable(frame.Machine, i); continue;
                case OpCode.Self: if (Fast.Self(r, k, i) || Indexing.TrySelf(frame.Machine, r, k, i)) { continue; } break;
                case OpCode.Add: if (Fast.Add(r, i)) { continue; } break;
                case OpCode.Sub: if (Fast.Sub(r, i)) { continue; } break;
                case OpCode.Mul or OpCode.MulK: if (Fast.Mul(r, k, i)) { continue; } break;
                case OpCode.Div or OpCode.DivK: if (Fast.Div(r, k, i)) { continue; } break;
                case OpCode.Mod or OpCode.ModK: if (Fast.Mod(r, k, i)) { continue; } break;
                case OpCode.AddK: if (Fast.AddK(r, k, i)) { continue; } break;
                case OpCode.SubK: if (Fast.SubK(r, k, i)) { continue; } break;
                case OpCode.Unm: if (Fast.Unm(r, i)) { continue; } break;
                case OpCode.Not: r[i.A] = new LuaValue(!r[(byte)i.B].IsTruthy); continue;
                case OpCode.Len: if (Fast.Len(r, i)) { continue; } break;
                case OpCode.Jump: pc += i.C; continue;
                case OpCode.Loop: pc += i.C; if (frame.Memory.Spend(i.C)) { continue; } frame.Pc = pc; return;
                case OpCode.Equal or OpCode.EqualK: if (!Fast.Equal(r, k, i, out bool e)) { break; } pc = Go(code, pc, i, e); continue;
                case OpCode.Less: if (!Fast.TryLess(r, i, out bool less)) { break; } pc = Go(code, pc, i, less); continue;
                case OpCode.LessEqual: if (!Fast.TryLessEqual(r, i, out bool most)) { break; } pc = Go(code, pc, i, most); continue;
                case OpCode.LessK: if (Fast.Left(r, i, out double a)) { pc = Go(code, pc, i, a < k[i.C].Number); continue; } break;
                case OpCode.LessEqualK: if (Fast.Left(r, i, out double b)) { pc = Go(code, pc, i, b <= k[i.C].Number); continue; } break;
                case OpCode.GreaterK: if (Fast.Left(r, i, out double c)) { pc = Go(code, pc, i, c > k[i.C].Number); continue; } break;
                case OpCode.GreaterEqualK: if (Fast.Left(r, i, out double d)) { pc = Go(code, pc, i, d >= k[i.C].Number); continue; } break;
                case OpCode.Test: pc = Comparison.Branch(code, pc, r[i.A].IsTruthy == (i.C != 0)); continue;
                case OpCode.TestSet: pc = Comparison.Branch(code, pc, Fast.TestSet(r, i)); continue;
                case OpCode.Call: frame.Pc = pc; if (Calls.TryCall(ref frame, r[i.A].Object, i)) { goto Load; } goto Enter;
                case OpCode.TailCall: frame.Pc = pc; if (Calls.TryTailCall(frame, r[i.A].Object, i)) { goto Enter; } break;
                case OpCode.Return: frame.Pc = pc; Operations.Return(frame.Machine, frame.Thread, frame, i); goto Enter;
                case OpCode.Return0: frame.Pc = pc; if (Calls.TryReturnNone(ref frame)) { goto Load; } break;
                case OpCode.Return1: frame.Pc = pc; if (Calls.TryReturnOne(ref frame, r, i)) { goto Load; } break;
                case OpCode.Concat: frame.Pc = pc; if (Concatenation.TryRun(frame.Machine, r, i)) { continue; } break;
                case OpCode.VarArg: frame.Pc = pc; if (Calls.TryCopyVarArgs(frame, r, i)) { continue; } break;
                case OpCode.Closure or OpCode.SetList or OpCode.Close: frame.Pc = pc; Operations.RunInPlace(frame, i); continue;
                case OpCode.ForPrep: if (Fast.Prepare(r, i)) { pc += i.C; continue; } break;
                case OpCode.TForCall: frame.Pc = pc; if (Operations.TryIterate(frame.Machine, r, i)) { continue; } break;
                case OpCode.ForLoop: if (!Fast.Step(r, i)) { continue; } goto case OpCode.Loop;
                case OpCode.TForLoop: if (!Fast.Advance(r, i)) { continue; } goto case OpCode.Loop;
            }
            frame.Pc = pc;
            Operations.Run(frame.Machine, frame.Thread, frame, i);
            goto Enter;
        }
    }

    /// <summary>The frame that is the topmost one now; false if another step is pending.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryFind(ref CallFrame frame)
    {
        LuaMachine machine = frame.Machine;
        frame = machine.Current.Frame;
        return machine.Outcome.Pending == PendingStep.None;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Go(Instruction[] code, int pc, Instruction test, bool holds) =>
        Comparison.Branch(code, pc, holds == (test.A != 0));
}
