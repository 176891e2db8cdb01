using System.Runtime.CompilerServices;

namespace Bixbite.Lua.Values;

/// <summary>
/// One Lua value in 16 bytes:
///
///   object   none: a number          else: nil, true, false, or the string, table, function, userdata or thread
///   number   the number              0
///
/// Storing a number stores no reference and so costs no write barrier. The default value is therefore the number 0 and not nil: whoever
/// makes an array of values fills it.
/// </summary>
public readonly struct LuaValue : IEquatable<LuaValue>
{
    private static readonly string[] s_typeNames =
        ["nil", "boolean", "userdata", "number", "string", "table", "function", "userdata", "thread"];

    private static readonly LuaValue[] s_nil = [Nil];

    private readonly LuaObject? _object;
    private readonly double _number;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public LuaValue(double number)
    {
        _object = null;
        _number = number;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public LuaValue(LuaObject value)
    {
        _object = value;
        _number = 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public LuaValue(bool value)
    {
        _object = value ? LuaConstant.True : LuaConstant.False;
        _number = 0;
    }

    public static LuaValue Nil => new(LuaConstant.Nil);

    public static LuaValue True => new(LuaConstant.True);

    public static LuaValue False => new(LuaConstant.False);

    /// <summary>A place that holds nil.</summary>
    internal static ref readonly LuaValue NilReference => ref s_nil[0];

    public bool IsNil => ReferenceEquals(_object, LuaConstant.Nil);

    public bool IsNumber => _object is null;

    /// <summary>All but nil and false.</summary>
    public bool IsTruthy
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => !ReferenceEquals(_object, LuaConstant.Nil) && !ReferenceEquals(_object, LuaConstant.False);
    }

    /// <summary>The number, if this is one.</summary>
    public double Number => _number;

    /// <summary>The object, or null if this is a number.</summary>
    public LuaObject? Object => _object;

    public LuaType Type => _object is null ? LuaType.Number : _object.Type;

    public string TypeName => NameOf(Type);

    public static bool operator ==(LuaValue left, LuaValue right) => left.RawEquals(right);

    public static bool operator !=(LuaValue left, LuaValue right) => !left.RawEquals(right);

    public static implicit operator LuaValue(double number) => new(number);

    public static implicit operator LuaValue(bool value) => new(value);

    public static implicit operator LuaValue(LuaObject value) => new(value);

    public static LuaValue FromDouble(double number) => new(number);

    public static LuaValue FromBoolean(bool value) => new(value);

    public static LuaValue FromLuaObject(LuaObject value) => new(value);

    public static string NameOf(LuaType type) => s_typeNames[(int)type];

    /// <summary>Copies a value; a number without its reference, which needs no write barrier.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Copy(ref LuaValue to, in LuaValue from)
    {
        if (from._object is null)
        {
            to = new LuaValue(from._number);
        }
        else
        {
            to = from;
        }
    }

    /// <summary>Equality without metamethods: numbers by value, strings by bytes, all else by identity.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool RawEquals(LuaValue other)
    {
        if (_object is null)
        {
            return other._object is null && _number == other._number;
        }
        return ReferenceEquals(_object, other._object) || (_object is LuaString text && other._object is LuaString to && text.Equals(to));
    }

    /// <summary>The same object or the same number; equal strings may be two.</summary>
    internal bool IsSame(in LuaValue other) => ReferenceEquals(_object, other._object) && _number == other._number;

    public bool Equals(LuaValue other) => RawEquals(other);

    public override bool Equals(object? obj) => obj is LuaValue other && RawEquals(other);

    public override int GetHashCode() => _object is null ? _number.GetHashCode() : _object.GetHashCode();

    public override string ToString() => _object is null
        ? _number.ToString(System.Globalization.CultureInfo.InvariantCulture)
        : _object is LuaString text ? text.ToString() : TypeName;
}
