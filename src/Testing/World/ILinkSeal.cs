namespace Replica.Testing.World;

/// <summary>Keeps what passes over a connection from being changed unnoticed: one direction of it.</summary>
internal interface ILinkSeal
{
    /// <summary>The bytes that go over the wire.</summary>
    byte[] Close(ReadOnlySpan<byte> plaintext);

    /// <summary>What was sealed, or nothing if the bytes are not the next ones that were.</summary>
    byte[]? Open(byte[] wire);
}
