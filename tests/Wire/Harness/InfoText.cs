using System.Globalization;

namespace Bixbite.Wire.Harness;

/// <summary>The fields that INFO tells, by their names.</summary>
internal static class InfoText
{
    /// <summary>The value of a field in a reply of INFO; null if it is not told.</summary>
    public static string? Find(string info, string name) =>
        info.Split("\r\n").SingleOrDefault(line => line.StartsWith(name + ":", StringComparison.Ordinal))?[(name.Length + 1)..];

    /// <summary>The value of a field that must be told.</summary>
    public static string Field(string info, string name) =>
        Find(info, name) ?? throw new InvalidOperationException($"INFO does not tell {name}:\n{info}");

    /// <summary>The same of a field that is a number, asked for by a client.</summary>
    public static long Number(RespConnection client, string name, string sections = "everything") =>
        long.Parse(Field(client.Call($"INFO {sections}").Text, name), CultureInfo.InvariantCulture);
}
