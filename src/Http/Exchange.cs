using Bixbite.Http.Replies;
using Bixbite.Http.Requests;
using Bixbite.Net;

namespace Bixbite.Http;

/// <summary>A request while it is answered, by whoever has the execution lock.</summary>
/// <param name="connection">Who has sent it.</param>
/// <param name="request">Its head; there is no more of it.</param>
/// <param name="reply">Takes the reply.</param>
/// <param name="rest">What has come behind it.</param>
/// <param name="unixMs">The time.</param>
internal readonly ref struct Exchange(Connection connection, RequestHead request, HttpReply reply, ReadOnlySpan<byte> rest, long unixMs)
{
    private readonly RequestHead _request = request;
    private readonly ReadOnlySpan<byte> _rest = rest;

    public Connection Connection => connection;

    public RequestHead Request => _request;

    public HttpReply Reply => reply;

    public ReadOnlySpan<byte> Rest => _rest;

    public long UnixMs => unixMs;

    /// <summary>Answers with a text alone.</summary>
    public AnswerResult Text(HttpStatus status, string text)
    {
        reply.Text(status, text, unixMs);
        return AnswerResult.Replied;
    }
}

/// <summary>How a request was dealt with.</summary>
internal enum AnswerResult
{
    /// <summary>The reply is written.</summary>
    Replied,

    /// <summary>The connection is another's now, and its input is consumed.</summary>
    HandedOver,

    /// <summary>It is to be presented again when the replies before it have been sent.</summary>
    Postponed,
}
