using Bixbite.Engine.Lifecycle;
using Bixbite.Platform;
using Bixbite.Replication.Streaming;
using Xunit;

namespace Bixbite.Unit.Replication.Streaming;

/// <summary>When replicas are asked: at once, behind an answer, or after a while without one.</summary>
public sealed class AcknowledgementQuestionsTests
{
    private readonly ManualClock _clock = new();
    private readonly List<long> _rings = [];
    private readonly AcknowledgementQuestions _questions;

    public AcknowledgementQuestionsTests() => _questions = new(_clock, new CronAlarm { Ringing = _rings.Add });

    [Fact]
    public void Nobody_is_asked_for_nothing()
    {
        Assert.False(_questions.IsDue());
        Assert.Equal(CronTask.Never, _questions.DueMs);
    }

    [Fact]
    public void The_first_question_is_asked_at_once()
    {
        Want();
        Assert.Equal(0, _questions.DueMs);
        Assert.True(_questions.IsDue());
        _questions.Ask(100);
        Assert.False(_questions.IsDue());
        Assert.Empty(_rings);
    }

    [Fact]
    public void The_next_one_waits_for_the_answer()
    {
        Want();
        _questions.Ask(100);
        Want();
        Assert.False(_questions.IsDue());
        _questions.NoteAnswer(99);
        Assert.False(_questions.IsDue());
        _questions.NoteAnswer(100);
        Assert.True(_questions.IsDue());
    }

    [Fact]
    public void It_does_not_wait_for_long_and_the_cron_ticks_then()
    {
        Want();
        _questions.Ask(100);
        Want();
        Assert.False(_questions.IsDue());
        Assert.False(_questions.IsDue());
        Assert.Equal([1], _rings);
        _clock.AdvanceUs(999);
        Assert.Equal(1, _questions.DueMs);
        Assert.False(_questions.IsDue());
        _clock.AdvanceUs(1);
        Assert.Equal(0, _questions.DueMs);
        Assert.True(_questions.IsDue());
    }

    [Fact]
    public void Who_is_asked_no_more_gives_no_answer()
    {
        Want();
        _questions.Ask(100);
        Want();
        _questions.Forget();
        Assert.False(_questions.IsDue());
        Want();
        Assert.True(_questions.IsDue());
    }

    private void Want() => _questions.IsWanted = true;
}
