namespace Bixbite.Engine.Facts;

/// <summary>Something that the server tells of itself: INFO prints it, and whoever gathers metrics reads its number.</summary>
/// <param name="Name">As INFO has it.</param>
/// <param name="Kind">How it changes.</param>
/// <param name="Unit">What its number counts.</param>
/// <param name="Read">The value now; under the execution lock.</param>
public sealed record Fact(string Name, FactKind Kind, FactUnit Unit, Func<FactValue> Read)
{
    /// <summary>The fact is told only while this is so; always where null.</summary>
    public Func<bool>? IsTold { get; init; }

    /// <summary>The number never changes: tools expect the line.</summary>
    public bool IsFixed { get; init; }

    /// <summary>A number that may be followed over time.</summary>
    public bool IsMeasured => Kind != FactKind.Text && !IsFixed;

    /// <summary>How INFO prints the number where it prints it in a way of its own.</summary>
    public Func<double, string>? Format { get; init; }

    /// <summary>The value as INFO prints it.</summary>
    public string Text => Format is null ? Read().ToString() : Format(Read().Number);

    /// <summary>A text with a name that is known only when it is told.</summary>
    public static Fact Line(string name, string text) => new(name, FactKind.Text, FactUnit.None, () => new FactValue(text));
}
