using System.Text;

namespace Bixbite.Tool.Scanning;

/// <summary>A way to say how large a key is.</summary>
/// <param name="unit">What is counted, for a type: "fields" of a hash.</param>
/// <param name="request">The words that ask for it; null where a type cannot be asked.</param>
internal sealed class KeyMeasure(Func<string, string> unit, Func<string, byte[], byte[][]?> request)
{
    /// <summary>Elements, or bytes of a string.</summary>
    public static KeyMeasure Elements { get; } = new(
        type => Of(type).Unit, (type, key) => Of(type).Command is { Length: > 0 } command ? [Encoding.ASCII.GetBytes(command), key] : null);

    /// <summary>How often a key is used, as LFU sees it.</summary>
    public static KeyMeasure Uses { get; } = new(_ => "of 255", (_, key) => ["OBJECT"u8.ToArray(), "FREQ"u8.ToArray(), key]);

    /// <summary>Bytes of memory.</summary>
    /// <param name="sampleCount">How many elements of a key are looked at, 0 for all; null for the server's choice.</param>
    public static KeyMeasure Memory(int? sampleCount)
    {
        byte[][] samples = sampleCount is { } count ? ["SAMPLES"u8.ToArray(), Encoding.ASCII.GetBytes($"{count}")] : [];
        return new KeyMeasure(_ => "bytes", (_, key) => ["MEMORY"u8.ToArray(), "USAGE"u8.ToArray(), key, .. samples]);
    }

    public string UnitOf(string type) => unit(type);

    public byte[][]? Request(string type, byte[] key) => request(type, key);

    private static (string Command, string Unit) Of(string type) => type switch
    {
        "string" => ("STRLEN", "bytes"),
        "list" => ("LLEN", "items"),
        "set" => ("SCARD", "members"),
        "hash" => ("HLEN", "fields"),
        "zset" => ("ZCARD", "members"),
        "stream" => ("XLEN", "entries"),
        _ => ("", ""),
    };
}
