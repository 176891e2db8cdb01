namespace Bixbite.Configuration;

/// <summary>A setting whose value is one immutable <typeparamref name="T"/>.</summary>
public abstract class ValueSetting<T>(string name, T standard) : Setting(name)
{
    private T _value = standard;

    public T Value => _value;

    public T Default { get; } = standard;

    public sealed override string Text => Format(_value);

    public sealed override string DefaultText => Format(Default);

    /// <summary>A further condition on the value; null, or what is wrong with it.</summary>
    public Func<T, string?>? Check { get; init; }

    /// <summary>Brings a value that passed the check into the range that has an effect.</summary>
    public Func<T, T>? Adjust { get; init; }

    protected abstract string Format(T value);

    /// <summary>Keeps a well-formed value if it passes the check.</summary>
    protected string? Keep(T value)
    {
        string? problem = Check?.Invoke(value);
        if (problem is null)
        {
            _value = Adjust is null ? value : Adjust(value);
        }
        return problem;
    }

    internal override Action Remember()
    {
        T value = _value;
        return () => _value = value;
    }
}
