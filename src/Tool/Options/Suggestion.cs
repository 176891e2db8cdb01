namespace Bixbite.Tool.Options;

/// <summary>Finds the word that was probably meant.</summary>
internal static class Suggestion
{
    /// <summary>", did you mean 'x'?" for the nearest word; empty where none is near.</summary>
    public static string Of(string word, IEnumerable<string> words)
    {
        string? nearest = words.MinBy(candidate => Distance(word, candidate));
        return nearest is not null && Distance(word, nearest) <= Math.Max(1, word.Length / 3) ? $" (did you mean '{nearest}'?)" : "";
    }

    /// <summary>How many letters must be added, removed or replaced to make one word of the other.</summary>
    internal static int Distance(string left, string right)
    {
        int[] row = [.. Enumerable.Range(0, right.Length + 1)];
        for (int i = 0; i < left.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i + 1;
            for (int j = 0; j < right.Length; j++)
            {
                int change = diagonal + (left[i] == right[j] ? 0 : 1);
                diagonal = row[j + 1];
                row[j + 1] = Math.Min(change, Math.Min(row[j], diagonal) + 1);
            }
        }
        return row[^1];
    }
}
