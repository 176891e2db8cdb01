namespace Bixbite.Types.Strings;

/// <summary>Strings, counters, bitmaps, sketches.</summary>
internal sealed class StringType : TypeDescriptor
{
    public override KeyType Type => KeyType.String;

    public override ReadOnlySpan<byte> Name => "string"u8;

    public override KeyEventClass EventClass => KeyEventClass.String;
}
