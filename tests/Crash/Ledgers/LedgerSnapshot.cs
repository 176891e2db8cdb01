using Bixbite.Types.Saving;

namespace Bixbite.Crash.Ledgers;

/// <summary>Takes a ledger in pieces.</summary>
internal interface ILedgerSink : IValueSink
{
    public void Entry(ReadOnlySpan<byte> bytes);
}

/// <summary>A ledger as it was when a snapshot began. No command changes one in place, so that nothing has to be kept.</summary>
internal sealed class LedgerSnapshot(ulong root, ILedgerSink output) : ValueSnapshot(output)
{
    private const int EntriesAtOnce = 10;

    private ulong _next = LedgerRoot.FirstOf(root);

    public override bool Step()
    {
        for (int i = 0; i < EntriesAtOnce && _next != 0; i++)
        {
            output.Entry(LedgerRoot.BytesOf(_next));
            _next = LedgerRoot.NextOf(_next);
        }

        return _next == 0;
    }

    public override void Release()
    {
    }
}
