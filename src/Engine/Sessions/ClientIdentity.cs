namespace Bixbite.Engine.Sessions;

/// <summary>The names a client gave itself; empty until it does. Its session holds the bytes.</summary>
public sealed class ClientIdentity(Session session)
{
    public byte[] Name
    {
        get;
        set
        {
            session.Table?.Renaming?.Invoke(session);
            Replace(ref field, value);
        }
    } = [];

    public byte[] LibraryName
    {
        get;
        set => Replace(ref field, value);
    } = [];

    public byte[] LibraryVersion
    {
        get;
        set => Replace(ref field, value);
    } = [];

    private void Replace(ref byte[] text, byte[] value)
    {
        session.Hold(value.Length - text.Length);
        text = value;
    }
}
