using System.Buffers.Binary;
using Bixbite.Lua.Text;

namespace Bixbite.Fuzz.Targets;

/// <summary>Any item of a format writes any number with its width, and what is written with all digits reads back as the number.</summary>
internal static class LuaFormatTarget
{
    public static void Run(ReadOnlySpan<byte> input)
    {
        Span<byte> bits = stackalloc byte[sizeof(double)];
        input[..Math.Min(input.Length, bits.Length)].CopyTo(bits);
        double value = BinaryPrimitives.ReadDoubleLittleEndian(bits);
        ByteBuffer buffer = new();
        for (int at = 0; at < input.Length;)
        {
            if (FormatSpec.Read(input, ref at, out FormatSpec spec) != FormatError.None)
            {
                break;
            }
            int before = buffer.Length;
            FormatField.AddFloat(buffer, spec with { Conversion = (byte)"efgEG"[spec.Conversion % 5] }, value);
            FormatField.AddSigned(buffer, spec, CInteger.ToInt64(value));
            FormatField.AddUnsigned(buffer, spec with { Conversion = (byte)"ouxX"[spec.Conversion % 4] }, CInteger.ToUInt64(value));
            FormatField.AddText(buffer, spec, bits);
            if (buffer.Length - before < spec.Width)
            {
                throw new InvalidOperationException("Narrower than its width.");
            }
            buffer.Clear();
        }
        CheckReading(buffer, value);
        NumberText.TryRead(input, out double _);
        NumberText.TryRead(input, 2 + input.Length % 35, out double _);
    }

    private static void CheckReading(ByteBuffer buffer, double value)
    {
        int at = 0;
        FormatSpec.Read(".17g"u8, ref at, out FormatSpec spec);
        FormatField.AddFloat(buffer, spec, value);
        if (!NumberText.TryRead(buffer.Written, out double read) || (read != value && !double.IsNaN(value)))
        {
            throw new InvalidOperationException($"{value:R} was read as {read:R}.");
        }
    }
}
