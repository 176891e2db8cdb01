using Bixbite.AccessControl.Checking;
using Bixbite.AccessControl.Rules;
using Bixbite.AccessControl.Sessions;
using Bixbite.AccessControl.Users;
using Bixbite.Engine.Execution;
using Bixbite.Platform;
using Bixbite.Protocol;

namespace Bixbite.AccessControl.Authenticating;

/// <summary>
/// Logs clients in. Whether there is such a user, whether it is on, and how much of a password is right cannot be told from the time that
/// an attempt takes; after many failures attempts wait for their turn.
/// </summary>
public sealed class Authentication(UserTable users, SessionUsers sessions, AttemptLimiter limiter, AccessLog log, IClock clock)
{
    /// <summary>Clients have to log in.</summary>
    public bool IsRequired => !users.Default.IsOpen;

    /// <summary>The default user has no password, so AUTH without a name makes no sense.</summary>
    public bool HasDefaultNoPassword => users.Default.Rules.NeedsNoPassword;

    /// <summary>Looks at the attempt, now or when its turn comes, and has it answer.</summary>
    public void Begin(CommandContext context, LoginAttempt attempt)
    {
        long waitMs = limiter.Begin(attempt.Session);
        if (waitMs == 0)
        {
            bool isRight = TryLogIn(attempt, AccessLog.PlaceOf(context));
            if (!isRight)
            {
                limiter.Fail(attempt.Session);
            }
            attempt.Answer(context.Reply, isRight);
        }
        else if (waitMs < 0)
        {
            context.Reply.Error(AccessErrorText.TooManyAttempts);
        }
        else
        {
            context.Suspend(new DelayedLogin(this, attempt, BlockedOperation.DeadlineAfter(clock, waitMs)));
        }
    }

    /// <summary>The attempt's turn has come.</summary>
    internal void Resolve(LoginAttempt attempt, ReplyWriter reply) => attempt.Answer(reply, TryLogIn(attempt, AccessLog.TopLevel));

    /// <summary>The user of a name and a password; null if there is none who may log in so.</summary>
    internal User? Find(ReadOnlySpan<byte> name, ReadOnlySpan<byte> password)
    {
        bool isKnown = users.TryFind(name, out User? user);
        UserRules rules = (user ?? users.Default).Rules;
        bool hasPassword = rules.HasPassword(PasswordHash.Of(password));
        return isKnown && rules.IsEnabled && (rules.NeedsNoPassword || hasPassword) ? user : null;
    }

    private bool TryLogIn(LoginAttempt attempt, string place)
    {
        if (Find(attempt.User, attempt.Password) is { } user)
        {
            sessions.Become(attempt.Session, user);
            return true;
        }
        log.Add(attempt.Session, DenialReason.Authentication, place, attempt.Command, attempt.User);
        return false;
    }

    /// <summary>An attempt that waits for its turn. Where nobody may wait it is refused without being looked at.</summary>
    private sealed class DelayedLogin(Authentication authentication, LoginAttempt attempt, long deadlineMs)
        : BlockedOperation(attempt.Session, deadlineMs)
    {
        public override WaitReason Reason => WaitReason.Turn;

        public override void AnswerTimeout(ReplyWriter reply) => authentication.Resolve(attempt, reply);

        public override void AnswerRefusal(ReplyWriter reply) => reply.Error(AccessErrorText.TooManyAttempts);
    }
}
