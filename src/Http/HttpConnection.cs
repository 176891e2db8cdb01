using Bixbite.Http.Requests;
using Bixbite.Net;

namespace Bixbite.Http;

/// <summary>A connection that speaks HTTP, as its handler knows it.</summary>
internal sealed class HttpConnection(Connection connection)
{
    /// <summary>How far the head of the next request was searched for its end.</summary>
    public HeadEnd HeadEnd;

    public Connection Connection => connection;

    /// <summary>Its place among those of the handler.</summary>
    public int Index { get; set; }

    /// <summary>When it is late with its next request, or with taking the last reply; monotonic milliseconds.</summary>
    public long DeadlineMs { get; set; }

    /// <summary>
    /// Nothing is answered any more: what still comes is dropped, so that the last reply is not lost to a reset of the connection.
    /// </summary>
    public bool IsDraining { get; set; }

    /// <summary>Bytes that were dropped so.</summary>
    public long DrainedSize { get; set; }
}
