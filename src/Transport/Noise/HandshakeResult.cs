namespace Replica.Transport.Noise;

/// <summary>What a handshake established. The receiver owns the two cipher states.</summary>
/// <param name="RemoteDevice">The device that the other side proved to be.</param>
/// <param name="Role">This side's role.</param>
/// <param name="HandshakeHash">The 32 bytes that name the session.</param>
/// <param name="Send">Encrypts what this side sends.</param>
/// <param name="Receive">Decrypts what this side receives.</param>
internal sealed record HandshakeResult(
    DeviceKey RemoteDevice,
    NoiseRole Role,
    ReadOnlyMemory<byte> HandshakeHash,
    CipherState Send,
    CipherState Receive);
