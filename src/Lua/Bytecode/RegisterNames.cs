using Bixbite.Lua.Values;

namespace Bixbite.Lua.Bytecode;

/// <summary>Finds what a script calls the value in a register: a local, a global, a field, a method or an upvalue.</summary>
internal static class RegisterNames
{
    private const string Unknown = "?";

    /// <summary>The name of a register at an instruction, or null.</summary>
    public static RegisterName? Find(Prototype function, int register, int pc)
    {
        while (true)
        {
            LuaString? local = LocalAt(function, register, pc);
            if (local is not null)
            {
                return new RegisterName("local", local.ToString());
            }
            int setter = LastSetter(function, register, pc);
            if (setter < 0)
            {
                return null;
            }
            Instruction instruction = function.Code[setter];
            if (instruction.Op != OpCode.Move)
            {
                return NameOf(function, instruction);
            }
            if (instruction.C >= instruction.A)
            {
                return null;
            }
            register = instruction.C;
            pc = setter;
        }
    }

    /// <summary>The local variable that lives in a register at an instruction.</summary>
    public static LuaString? LocalAt(Prototype function, int register, int pc)
    {
        foreach (LocalVariable local in function.Debug.Locals)
        {
            if (local.Start > pc)
            {
                break;
            }
            if (pc < local.End && register-- == 0)
            {
                return local.Name;
            }
        }
        return null;
    }

    private static RegisterName? NameOf(Prototype function, Instruction instruction) => instruction.Op switch
    {
        OpCode.GetGlobal => new RegisterName("global", function.Constants[instruction.C].ToString()),
        OpCode.GetField => new RegisterName("field", function.Constants[instruction.C].ToString()),
        OpCode.GetTable or OpCode.GetInt => new RegisterName("field", Unknown),
        OpCode.Self => new RegisterName("method", function.Constants[instruction.C].ToString()),
        OpCode.GetUpvalue => new RegisterName("upvalue", function.Debug.UpvalueNames[instruction.B].ToString()),
        _ => null,
    };

    /// <summary>The last instruction before another that wrote a register, on the way that takes every jump forward.</summary>
    private static int LastSetter(Prototype function, int register, int last)
    {
        int setter = -1;
        for (int pc = 0; pc < last; pc++)
        {
            Instruction instruction = function.Code[pc];
            int target = instruction.Op is OpCode.Jump or OpCode.ForPrep or OpCode.ForLoop ? pc + 1 + instruction.C : 0;
            if (Writes(instruction, register))
            {
                setter = pc;
            }
            if (target > pc && target <= last)
            {
                pc = target - 1;
            }
        }
        return setter;
    }

    private static bool Writes(Instruction instruction, int register) => instruction.Op switch
    {
        OpCode.SetUpvalue or OpCode.SetGlobal or OpCode.SetTable or OpCode.SetField or OpCode.SetInt or OpCode.SetList => false,
        OpCode.Jump or OpCode.Loop or OpCode.Close or OpCode.Return or OpCode.Return0 or OpCode.Return1 => false,
        >= OpCode.Equal and <= OpCode.GreaterEqualK => false,
        OpCode.LoadNil => register >= instruction.A && register <= instruction.B,
        OpCode.Self => register == instruction.A || register == instruction.A + 1,
        OpCode.Call or OpCode.TailCall => register >= instruction.A,
        OpCode.ForPrep or OpCode.ForLoop => register >= instruction.A && register <= instruction.A + 3,
        OpCode.TForCall or OpCode.TForLoop => register >= instruction.A + 2,
        OpCode.VarArg => register >= instruction.A && (instruction.B == 0 || register <= instruction.A + instruction.B - 2),
        _ => register == instruction.A,
    };
}

/// <summary>A kind of variable and its name.</summary>
internal readonly record struct RegisterName(string Kind, string Name);
