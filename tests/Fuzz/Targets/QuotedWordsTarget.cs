using Bixbite.Structures.Text;

namespace Bixbite.Fuzz.Targets;

/// <summary>Splitting ends, words fit the room promised, and what is quoted reads back as it was.</summary>
internal static class QuotedWordsTarget
{
    public static void Run(ReadOnlySpan<byte> input)
    {
        byte[] room = new byte[input.Length];
        QuotedWords words = new(input);
        for (int left = room.Length; words.Next(room, out int size) == QuotedWords.Step.Word; left -= size)
        {
            if (size > left)
            {
                throw new InvalidOperationException("The words are longer than the line.");
            }
        }

        byte[] quoted = new byte[Quoted.SizeOf(input)];
        if (Quoted.Format(input, quoted) != quoted.Length)
        {
            throw new InvalidOperationException("The size of the quoted text is wrong.");
        }
        QuotedWords again = new(quoted);
        byte[] back = new byte[quoted.Length];
        if (again.Next(back, out int length) != QuotedWords.Step.Word || !back.AsSpan(0, length).SequenceEqual(input))
        {
            throw new InvalidOperationException("The quoted text does not read back.");
        }
    }
}
