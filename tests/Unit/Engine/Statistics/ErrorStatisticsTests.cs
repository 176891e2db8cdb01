using System.Text;
using Bixbite.Engine.Statistics;
using Xunit;

namespace Bixbite.Unit.Engine.Statistics;

public sealed class ErrorStatisticsTests
{
    private readonly ErrorStatistics _errors = new();

    [Fact]
    public void The_first_word_is_the_kind()
    {
        Count("WRONGTYPE Operation against a key");
        Count("ERR syntax error");
        Count("ERR no such key");
        Count("ERR");
        Count(new string('A', 31) + " too long for a kind");
        Assert.Equal(1, _errors.Counts["WRONGTYPE"]);
        Assert.Equal(4, _errors.Counts["ERR"]);
    }

    [Fact]
    public void Too_many_kinds_end_the_counting_until_it_is_reset()
    {
        for (int i = 0; i <= ErrorStatistics.KindCountMax; i++)
        {
            Count($"KIND{i} text");
        }
        Count("ERR text");
        Assert.Equal([new KeyValuePair<string, long>(ErrorStatistics.Disabled, 1)], _errors.Counts);
        _errors.Reset();
        Count("ERR text");
        Assert.Equal([new KeyValuePair<string, long>("ERR", 1)], _errors.Counts);
    }

    private void Count(string text) => _errors.Count(Encoding.ASCII.GetBytes(text));
}
