namespace Bixbite.Keyspace;

/// <summary>
/// How long defragmentation rests after a walk that gained little, as when what remains is pinned, or is spread over sizes with a few
/// blocks each: twice as long as the last time, unless waste has grown meanwhile.
/// </summary>
internal sealed class DefragmentationRest
{
    private const long ShortestUs = 1_000_000;
    private const long LongestUs = 60_000_000;

    /// <summary>A walk that gains less than this part of the waste gained little.</summary>
    private const int GainPartMin = 8;

    /// <summary>Waste that has grown by more than this part is worth another walk.</summary>
    private const int GrowthPartMin = 4;

    private long _lengthUs;
    private long _endUs;
    private long _wasteLeft;

    public bool IsOver(long nowUs, long waste) => nowUs >= _endUs || waste > _wasteLeft + (_wasteLeft / GrowthPartMin);

    /// <summary>To be called after a walk.</summary>
    public void Note(long nowUs, long wasteBefore, long wasteLeft)
    {
        bool hasGained = wasteBefore - wasteLeft >= wasteBefore / GainPartMin;
        bool hasGrown = wasteLeft > wasteBefore + (wasteBefore / GrowthPartMin);
        _lengthUs = hasGained || hasGrown ? 0 : Math.Clamp(_lengthUs * 2, ShortestUs, LongestUs);
        _endUs = nowUs + _lengthUs;
        _wasteLeft = wasteLeft;
    }
}
