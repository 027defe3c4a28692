#Signature file v4.1
#Version 0.1.0-SNAPSHOT

CLSS public abstract interface java.io.Closeable
intf java.lang.AutoCloseable
meth public abstract void close() throws java.io.IOException

CLSS public java.io.IOException
cons public init()
cons public init(java.lang.String)
cons public init(java.lang.String,java.lang.Throwable)
cons public init(java.lang.Throwable)
supr java.lang.Exception

CLSS public abstract interface java.io.Serializable

CLSS public abstract interface java.lang.AutoCloseable
meth public abstract void close() throws java.lang.Exception

CLSS public abstract interface java.lang.Comparable<%0 extends java.lang.Object>
meth public abstract int compareTo({java.lang.Comparable%0})

CLSS public abstract java.lang.Enum<%0 extends java.lang.Enum<{java.lang.Enum%0}>>
cons protected init(java.lang.String,int)
innr public final static EnumDesc
intf java.io.Serializable
intf java.lang.Comparable<{java.lang.Enum%0}>
intf java.lang.constant.Constable
meth protected final java.lang.Object clone() throws java.lang.CloneNotSupportedException
meth protected final void finalize()
meth public final boolean equals(java.lang.Object)
meth public final int compareTo({java.lang.Enum%0})
meth public final int hashCode()
meth public final int ordinal()
meth public final java.lang.Class<{java.lang.Enum%0}> getDeclaringClass()
meth public final java.lang.String name()
meth public final java.util.Optional<java.lang.Enum$EnumDesc<{java.lang.Enum%0}>> describeConstable()
meth public java.lang.String toString()
meth public static <%0 extends java.lang.Enum<{%%0}>> {%%0} valueOf(java.lang.Class<{%%0}>,java.lang.String)
supr java.lang.Object

CLSS public java.lang.Exception
cons protected init(java.lang.String,java.lang.Throwable,boolean,boolean)
cons public init()
cons public init(java.lang.String)
cons public init(java.lang.String,java.lang.Throwable)
cons public init(java.lang.Throwable)
supr java.lang.Throwable

CLSS public abstract interface !annotation java.lang.FunctionalInterface
 anno 0 java.lang.annotation.Documented()
 anno 0 java.lang.annotation.Retention(java.lang.annotation.RetentionPolicy value=RUNTIME)
 anno 0 java.lang.annotation.Target(java.lang.annotation.ElementType[] value=[TYPE])
intf java.lang.annotation.Annotation

CLSS public java.lang.Object
cons public init()
meth protected java.lang.Object clone() throws java.lang.CloneNotSupportedException
meth protected void finalize() throws java.lang.Throwable
 anno 0 java.lang.Deprecated(boolean forRemoval=false, java.lang.String since="9")
meth public boolean equals(java.lang.Object)
meth public final java.lang.Class<?> getClass()
meth public final void notify()
meth public final void notifyAll()
meth public final void wait() throws java.lang.InterruptedException
meth public final void wait(long) throws java.lang.InterruptedException
meth public final void wait(long,int) throws java.lang.InterruptedException
meth public int hashCode()
meth public java.lang.String toString()

CLSS public java.lang.Throwable
cons protected init(java.lang.String,java.lang.Throwable,boolean,boolean)
cons public init()
cons public init(java.lang.String)
cons public init(java.lang.String,java.lang.Throwable)
cons public init(java.lang.Throwable)
intf java.io.Serializable
meth public final java.lang.Throwable[] getSuppressed()
meth public final void addSuppressed(java.lang.Throwable)
meth public java.lang.StackTraceElement[] getStackTrace()
meth public java.lang.String getLocalizedMessage()
meth public java.lang.String getMessage()
meth public java.lang.String toString()
meth public java.lang.Throwable fillInStackTrace()
meth public java.lang.Throwable getCause()
meth public java.lang.Throwable initCause(java.lang.Throwable)
meth public void printStackTrace()
meth public void printStackTrace(java.io.PrintStream)
meth public void printStackTrace(java.io.PrintWriter)
meth public void setStackTrace(java.lang.StackTraceElement[])
supr java.lang.Object

CLSS public abstract interface java.lang.annotation.Annotation
meth public abstract boolean equals(java.lang.Object)
meth public abstract int hashCode()
meth public abstract java.lang.Class<? extends java.lang.annotation.Annotation> annotationType()
meth public abstract java.lang.String toString()

CLSS public abstract interface !annotation java.lang.annotation.Documented
 anno 0 java.lang.annotation.Documented()
 anno 0 java.lang.annotation.Retention(java.lang.annotation.RetentionPolicy value=RUNTIME)
 anno 0 java.lang.annotation.Target(java.lang.annotation.ElementType[] value=[ANNOTATION_TYPE])
intf java.lang.annotation.Annotation

CLSS public abstract interface !annotation java.lang.annotation.Retention
 anno 0 java.lang.annotation.Documented()
 anno 0 java.lang.annotation.Retention(java.lang.annotation.RetentionPolicy value=RUNTIME)
 anno 0 java.lang.annotation.Target(java.lang.annotation.ElementType[] value=[ANNOTATION_TYPE])
intf java.lang.annotation.Annotation
meth public abstract java.lang.annotation.RetentionPolicy value()

CLSS public abstract interface !annotation java.lang.annotation.Target
 anno 0 java.lang.annotation.Documented()
 anno 0 java.lang.annotation.Retention(java.lang.annotation.RetentionPolicy value=RUNTIME)
 anno 0 java.lang.annotation.Target(java.lang.annotation.ElementType[] value=[ANNOTATION_TYPE])
intf java.lang.annotation.Annotation
meth public abstract java.lang.annotation.ElementType[] value()

CLSS public abstract interface java.lang.constant.Constable
meth public abstract java.util.Optional<? extends java.lang.constant.ConstantDesc> describeConstable()

CLSS public final org.stillframe.spi.Appraisal
meth public boolean isAccepted()
meth public boolean isAutomatic()
meth public int rank()
meth public java.lang.String reason()
meth public java.lang.String toString()
meth public static org.stillframe.spi.Appraisal accepted(int,java.lang.String)
meth public static org.stillframe.spi.Appraisal onlyByName(java.lang.String)
meth public static org.stillframe.spi.Appraisal refused(java.lang.String)
supr java.lang.Object
hfds BY_NAME,accepted,rank,reason

CLSS public final !enum org.stillframe.spi.Capability
fld public final static org.stillframe.spi.Capability BYPASS_CACHE
fld public final static org.stillframe.spi.Capability DIRECT_MAPPED
meth public java.lang.String label()
meth public java.lang.String qemuName()
meth public java.lang.String toString()
meth public static java.util.Optional<org.stillframe.spi.Capability> named(java.lang.String)
meth public static org.stillframe.spi.Capability valueOf(java.lang.String)
meth public static org.stillframe.spi.Capability[] values()
supr java.lang.Enum<org.stillframe.spi.Capability>
hfds label,qemuName

CLSS public abstract interface org.stillframe.spi.IoQueue
innr public abstract interface static Completion
intf java.lang.AutoCloseable
meth public abstract int depth()
meth public abstract int inFlight()
meth public abstract int reap(int,org.stillframe.spi.IoQueue$Completion) throws java.io.IOException
meth public abstract void close() throws java.io.IOException
meth public abstract void read(java.nio.ByteBuffer,long,long) throws java.io.IOException
meth public abstract void write(java.nio.ByteBuffer,long,long) throws java.io.IOException

CLSS public abstract interface static org.stillframe.spi.IoQueue$Completion
 outer org.stillframe.spi.IoQueue
 anno 0 java.lang.FunctionalInterface()
meth public abstract void completed(long,int,java.io.IOException)

CLSS public abstract interface org.stillframe.spi.MigrationBackend
fld public final static int SPI_VERSION = 1
meth public abstract int spiVersion()
meth public abstract java.lang.String name()
meth public abstract org.stillframe.spi.Appraisal appraise(org.stillframe.spi.Target,java.util.Set<org.stillframe.spi.Capability>)
meth public abstract org.stillframe.spi.StateFile open(org.stillframe.spi.Target,org.stillframe.spi.OpenMode,java.util.Set<org.stillframe.spi.Capability>) throws java.io.IOException
meth public java.util.OptionalInt highestRank()

CLSS public final !enum org.stillframe.spi.OpenMode
fld public final static org.stillframe.spi.OpenMode READ
fld public final static org.stillframe.spi.OpenMode WRITE
meth public static org.stillframe.spi.OpenMode valueOf(java.lang.String)
meth public static org.stillframe.spi.OpenMode[] values()
supr java.lang.Enum<org.stillframe.spi.OpenMode>

CLSS public abstract interface org.stillframe.spi.StateFile
intf java.io.Closeable
meth public abstract int memoryAlignment()
meth public abstract int offsetAlignment()
meth public abstract long size() throws java.io.IOException
meth public abstract org.stillframe.spi.IoQueue openQueue(int,java.util.List<java.nio.ByteBuffer>) throws java.io.IOException
meth public abstract void close() throws java.io.IOException
meth public abstract void sync() throws java.io.IOException
meth public abstract void truncate(long) throws java.io.IOException

CLSS public final org.stillframe.spi.SystemCallException
cons public init(java.lang.String,int,java.lang.String)
meth public int errno()
meth public java.lang.String call()
supr java.io.IOException
hfds call,errno,serialVersionUID

CLSS public final org.stillframe.spi.Target
fld public final static int NO_DESCRIPTOR = -1
innr public final static Builder
meth public int blockSize()
meth public int descriptor()
meth public int directMemoryAlignment()
meth public int directOffsetAlignment()
meth public java.lang.String fileSystem()
meth public java.lang.String name()
meth public java.lang.String toString()
meth public long size()
meth public org.stillframe.spi.TargetKind kind()
meth public static org.stillframe.spi.Target$Builder builder(java.lang.String,org.stillframe.spi.TargetKind)
supr java.lang.Object
hfds blockSize,descriptor,directMemoryAlignment,directOffsetAlignment,fileSystem,kind,name,size

CLSS public final static org.stillframe.spi.Target$Builder
 outer org.stillframe.spi.Target
meth public org.stillframe.spi.Target build()
meth public org.stillframe.spi.Target$Builder blockSize(int)
meth public org.stillframe.spi.Target$Builder descriptor(int)
meth public org.stillframe.spi.Target$Builder directAlignment(int,int)
meth public org.stillframe.spi.Target$Builder fileSystem(java.lang.String)
meth public org.stillframe.spi.Target$Builder size(long)
supr java.lang.Object
hfds blockSize,descriptor,directMemoryAlignment,directOffsetAlignment,fileSystem,kind,name,size

CLSS public final !enum org.stillframe.spi.TargetKind
fld public final static org.stillframe.spi.TargetKind BLOCK
fld public final static org.stillframe.spi.TargetKind CHARACTER
fld public final static org.stillframe.spi.TargetKind DIRECTORY
fld public final static org.stillframe.spi.TargetKind LINK
fld public final static org.stillframe.spi.TargetKind PIPE
fld public final static org.stillframe.spi.TargetKind REGULAR
fld public final static org.stillframe.spi.TargetKind SOCKET
meth public boolean seekable()
meth public java.lang.String label()
meth public static org.stillframe.spi.TargetKind valueOf(java.lang.String)
meth public static org.stillframe.spi.TargetKind[] values()
supr java.lang.Enum<org.stillframe.spi.TargetKind>
hfds label,seekable

CLSS abstract interface org.stillframe.spi.package-info

CLSS public abstract org.stillframe.spi.support.AbstractIoQueue
cons protected init(int,boolean)
intf org.stillframe.spi.IoQueue
meth protected abstract int collect(int,org.stillframe.spi.IoQueue$Completion) throws java.io.IOException
meth protected abstract void release() throws java.io.IOException
meth protected abstract void submit(boolean,java.nio.ByteBuffer,long,long) throws java.io.IOException
meth protected final void complete(org.stillframe.spi.IoQueue$Completion,long,int,java.io.IOException)
meth public final int depth()
meth public final int inFlight()
meth public final int reap(int,org.stillframe.spi.IoQueue$Completion) throws java.io.IOException
meth public final void close() throws java.io.IOException
meth public final void read(java.nio.ByteBuffer,long,long) throws java.io.IOException
meth public final void write(java.nio.ByteBuffer,long,long) throws java.io.IOException
supr java.lang.Object
hfds MAX_DEPTH,closed,depth,inFlight,writable

CLSS public abstract org.stillframe.spi.support.AbstractMigrationBackend
cons protected init()
intf org.stillframe.spi.MigrationBackend
meth protected abstract org.stillframe.spi.StateFile openAccepted(org.stillframe.spi.Target,org.stillframe.spi.OpenMode,java.util.Set<org.stillframe.spi.Capability>) throws java.io.IOException
meth public final org.stillframe.spi.StateFile open(org.stillframe.spi.Target,org.stillframe.spi.OpenMode,java.util.Set<org.stillframe.spi.Capability>) throws java.io.IOException
supr java.lang.Object

CLSS public abstract org.stillframe.spi.support.AbstractStateFile
cons protected init(org.stillframe.spi.Target,org.stillframe.spi.OpenMode)
intf org.stillframe.spi.StateFile
meth protected abstract long measure() throws java.io.IOException
meth protected abstract org.stillframe.spi.IoQueue newQueue(int,java.util.List<java.nio.ByteBuffer>) throws java.io.IOException
meth protected abstract void flush() throws java.io.IOException
meth protected abstract void release() throws java.io.IOException
meth protected abstract void resize(long) throws java.io.IOException
meth protected final boolean isWritable()
meth protected final org.stillframe.spi.Target target()
meth public final long size() throws java.io.IOException
meth public final org.stillframe.spi.IoQueue openQueue(int,java.util.List<java.nio.ByteBuffer>) throws java.io.IOException
meth public final void close() throws java.io.IOException
meth public final void sync() throws java.io.IOException
meth public final void truncate(long) throws java.io.IOException
supr java.lang.Object
hfds closed,mode,target

CLSS public final org.stillframe.spi.support.SynchronousIoQueue
cons public init(org.stillframe.spi.support.Transfer,int,boolean)
meth protected int collect(int,org.stillframe.spi.IoQueue$Completion)
meth protected void release() throws java.io.IOException
meth protected void submit(boolean,java.nio.ByteBuffer,long,long)
supr org.stillframe.spi.support.AbstractIoQueue
hfds counts,failures,first,tags,transfer

CLSS public abstract interface org.stillframe.spi.support.Transfer
meth public abstract void read(java.nio.ByteBuffer,long) throws java.io.IOException
meth public abstract void write(java.nio.ByteBuffer,long) throws java.io.IOException
meth public void close() throws java.io.IOException

CLSS abstract interface org.stillframe.spi.support.package-info

