@echo off
rem Runs the command line; builds it first if its jar is missing.
setlocal
set "HOME_DIR=%~dp0"
set "JAR=%HOME_DIR%cli\target\transonnx.jar"
if not exist "%JAR%" (
  echo transonnx: building %JAR% 1>&2
  pushd "%HOME_DIR%"
  call mvn -B -q -DskipTests -pl cli -am package 1>&2
  if errorlevel 1 (
    popd
    exit /b 3
  )
  popd
)
rem Most commands are over before compiling more than the hottest loops would pay.
java -XX:CompileThresholdScaling=10 -jar "%JAR%" %*
exit /b %ERRORLEVEL%
