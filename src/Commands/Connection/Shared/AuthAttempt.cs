using Bixbite.AccessControl.Authenticating;
using Bixbite.Engine.Execution;
using Bixbite.Protocol;

namespace Bixbite.Commands.Connection.Shared;

/// <summary>AUTH logs a client in, and HELLO does before all else.</summary>
internal sealed class AuthAttempt(CommandContext context, ReadOnlySpan<byte> user, ReadOnlySpan<byte> password, HelloOptions? hello = null)
    : LoginAttempt(context.Session, context[0].ToArray(), user.ToArray(), password.ToArray())
{
    private readonly HelloOptions? _hello = hello;

    public override void Answer(ReplyWriter reply, bool isRight)
    {
        if (!isRight)
        {
            reply.Error(ErrorText.WrongPassword);
        }
        else if (_hello is not null)
        {
            _hello.Apply(Session, reply);
        }
        else
        {
            reply.Ok();
        }
    }
}
