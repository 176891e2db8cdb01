namespace Bixbite.Net.Channels;

/// <summary>
/// How many records without data a peer has sent: each may cost as much as a change of keys does. One is forgiven with every so many that
/// have some.
/// </summary>
internal struct IdleRecords
{
    private const int CountMax = 64;
    private const int DataRecordsToForgive = 1024;

    private int _count;
    private int _dataRecords;

    internal readonly bool AreTooMany => _count > CountMax;

    /// <summary>Records have come; those with data are told by <see cref="NoteData"/> then.</summary>
    internal void NoteRecords(int count) => _count += count;

    internal void NoteData()
    {
        _count--;
        if (++_dataRecords == DataRecordsToForgive)
        {
            _dataRecords = 0;
            _count--;
        }
        _count = Math.Max(_count, 0);
    }
}
