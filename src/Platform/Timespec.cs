namespace Bixbite.Platform;

/// <summary><c>struct timespec</c> of 64-bit Linux.</summary>
internal struct Timespec
{
    public long Seconds;
    public long Nanoseconds;
}
