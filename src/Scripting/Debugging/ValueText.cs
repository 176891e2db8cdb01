using System.Globalization;
using System.Runtime.CompilerServices;
using Bixbite.Lua.Text;
using Bixbite.Lua.Values;

namespace Bixbite.Scripting.Debugging;

/// <summary>
/// Shows values of Lua as Redis' debugger does: strings in quotes, tables with what is in them, lists without their numbers, and of other
/// values the type and a number that tells them from each other.
/// </summary>
internal static class ValueText
{
    private const int DepthMax = 10;

    /// <summary>Digits of numbers.</summary>
    private const int Precision = 6;

    public static void Write(DebugText text, LuaValue value) => Write(text, value, 0);

    private static void Write(DebugText text, LuaValue value, int depth)
    {
        if (text.IsFull)
        {
            return;
        }
        if (depth == DepthMax)
        {
            text.Add("<max recursion level reached! Nested table?>"u8);
            return;
        }
        switch (value.Type)
        {
            case LuaType.String:
                text.AddQuoted(((LuaString)value.Object!).Span);
                break;
            case LuaType.Number:
                Span<byte> digits = stackalloc byte[64];
                text.Add(digits[..NumberText.Write(value.Number, Precision, digits)]);
                break;
            case LuaType.Nil:
                text.Add("nil"u8);
                break;
            case LuaType.Boolean:
                text.Add(value.IsTruthy ? "true"u8 : "false"u8);
                break;
            case LuaType.Table:
                Write(text, (LuaTable)value.Object!, depth + 1);
                break;
            case LuaType.LightUserdata:
                text.Add("\"light-userdata@(nil)\""u8);
                break;
            default:
                int number = RuntimeHelpers.GetHashCode(value.Object);
                text.Add(string.Create(CultureInfo.InvariantCulture, $"\"{value.TypeName}@0x{number:x}\""));
                break;
        }
    }

    private static void Write(DebugText text, LuaTable table, int depth)
    {
        bool isList = IsList(table);
        bool isFirst = true;
        text.Add('{');
        LuaValue key = LuaValue.Nil;
        while (!text.IsFull && table.Next(ref key, out LuaValue value))
        {
            if (!isFirst)
            {
                text.Add("; "u8);
            }
            isFirst = false;
            if (!isList)
            {
                text.Add('[');
                Write(text, key, depth);
                text.Add("]="u8);
            }
            Write(text, value, depth);
        }
        text.Add('}');
    }

    /// <summary>The keys are 1, 2, 3 and so on, in this order.</summary>
    private static bool IsList(LuaTable table)
    {
        LuaValue key = LuaValue.Nil;
        for (int expected = 1; table.Next(ref key, out _); expected++)
        {
            if (!key.IsNumber || key.Number != expected)
            {
                return false;
            }
        }
        return true;
    }
}
